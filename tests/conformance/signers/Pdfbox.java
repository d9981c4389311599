import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.FileOutputStream;
import java.util.Calendar;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.pdmodel.PDPage;
import org.apache.pdfbox.pdmodel.PDResources;
import org.apache.pdfbox.pdmodel.common.PDRectangle;
import org.apache.pdfbox.pdmodel.common.PDStream;
import org.apache.pdfbox.pdmodel.graphics.form.PDFormXObject;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAnnotationWidget;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceDictionary;
import org.apache.pdfbox.pdmodel.interactive.annotation.PDAppearanceStream;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.PDSignature;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureInterface;
import org.apache.pdfbox.pdmodel.interactive.digitalsignature.SignatureOptions;
import org.apache.pdfbox.pdmodel.interactive.form.PDAcroForm;
import org.apache.pdfbox.pdmodel.interactive.form.PDSignatureField;

/** Signs with PDFBox. Usage: Pdfbox STORE IN OUT [visible] */
public final class Pdfbox {
    public static void main(String[] args) throws Exception {
        Cms cms = new Cms(args[0]);
        PDDocument document = PDDocument.load(new File(args[1]));
        PDSignature signature = new PDSignature();
        signature.setFilter(PDSignature.FILTER_ADOBE_PPKLITE);
        signature.setSubFilter(PDSignature.SUBFILTER_ADBE_PKCS7_DETACHED);
        signature.setName("Đỗ Minh Tuấn");
        signature.setReason("Ký ban hành");
        signature.setSignDate(Calendar.getInstance());
        SignatureInterface signer = content -> {
            try {
                return cms.sign(content.readAllBytes());
            } catch (Exception error) {
                throw new java.io.IOException(error);
            }
        };
        SignatureOptions options = new SignatureOptions();
        options.setPreferredSignatureSize(4096);
        if (args.length > 3) {
            options.setVisualSignature(new ByteArrayInputStream(shown(document.getPage(0).getMediaBox())));
            options.setPage(0);
        }
        document.addSignature(signature, signer, options);
        try (FileOutputStream out = new FileOutputStream(args[2])) {
            document.saveIncremental(out);
        }
        document.close();
    }

    /** A file of one page that holds nothing but the field as it is to be shown. */
    private static byte[] shown(PDRectangle page) throws Exception {
        PDDocument file = new PDDocument();
        file.addPage(new PDPage(page));
        PDAcroForm form = new PDAcroForm(file);
        file.getDocumentCatalog().setAcroForm(form);
        PDSignatureField field = new PDSignatureField(form);
        form.setSignaturesExist(true);
        form.setAppendOnly(true);
        form.getFields().add(field);
        PDAnnotationWidget widget = field.getWidgets().get(0);
        widget.setRectangle(new PDRectangle(310, 120, 230, 60));
        PDFormXObject drawn = new PDFormXObject(new PDStream(file));
        drawn.setResources(new PDResources());
        drawn.setFormType(1);
        drawn.setBBox(new PDRectangle(230, 60));
        PDAppearanceDictionary appearance = new PDAppearanceDictionary();
        appearance.setNormalAppearance(new PDAppearanceStream(drawn.getCOSObject()));
        widget.setAppearance(appearance);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        file.save(out);
        file.close();
        return out.toByteArray();
    }
}
