import com.lowagie.text.Rectangle;
import com.lowagie.text.pdf.PdfDate;
import com.lowagie.text.pdf.PdfDictionary;
import com.lowagie.text.pdf.PdfName;
import com.lowagie.text.pdf.PdfReader;
import com.lowagie.text.pdf.PdfSignature;
import com.lowagie.text.pdf.PdfSignatureAppearance;
import com.lowagie.text.pdf.PdfStamper;
import com.lowagie.text.pdf.PdfString;
import java.io.FileOutputStream;
import java.util.HashMap;

/** Signs with iText 2, whose way many signing programs still have. Usage: Itext STORE IN OUT FIELD [visible] */
public final class Itext {
    private static final int ROOM = 4096;

    public static void main(String[] args) throws Exception {
        Cms cms = new Cms(args[0]);
        PdfStamper stamper =
            PdfStamper.createSignature(new PdfReader(args[1]), new FileOutputStream(args[2]), '\0', null, true);
        PdfSignatureAppearance appearance = stamper.getSignatureAppearance();
        if (args.length > 4) {
            appearance.setVisibleSignature(new Rectangle(310, 120, 540, 180), 1, args[3]);
            appearance.setAcro6Layers(true);
            appearance.setLayer2Text("Ky boi: Do Minh Tuan");
            appearance.setRender(PdfSignatureAppearance.SignatureRenderDescription);
        } else {
            appearance.setVisibleSignature(new Rectangle(0, 0, 0, 0), 1, args[3]);
        }
        PdfSignature signature = new PdfSignature(PdfName.ADOBE_PPKLITE, PdfName.ADBE_PKCS7_DETACHED);
        signature.setDate(new PdfDate(appearance.getSignDate()));
        signature.setReason("Ky ban hanh");
        appearance.setCryptoDictionary(signature);
        HashMap<Object, Object> room = new HashMap<>();
        room.put(PdfName.CONTENTS, 2 * ROOM + 2);
        appearance.preClose(room);
        byte[] signed = new byte[ROOM];
        byte[] value = cms.sign(appearance.getRangeStream().readAllBytes());
        System.arraycopy(value, 0, signed, 0, value.length);
        PdfDictionary contents = new PdfDictionary();
        contents.put(PdfName.CONTENTS, new PdfString(signed).setHexWriting(true));
        appearance.close(contents);
    }
}
