use super::*;

fn only_block(markup: &str) -> Block {
    let mut document = parse(&format!("<van-ban title='t'>{markup}</van-ban>")).unwrap();
    assert_eq!(document.blocks.len(), 1);
    document.blocks.remove(0)
}

fn failure(markup: &str) -> Error {
    parse(markup).unwrap_err()
}

#[test]
fn white_space_is_folded_across_elements() {
    let Block::Paragraph(paragraph) = only_block("<p>\n  Kính  <b> gửi </b> :\n<i>ông</i> </p>") else { panic!() };
    assert_eq!(plain_text(&paragraph.content), "Kính gửi : ông");
}

#[test]
fn text_becomes_nfc() {
    let document = parse("<van-ban title='Tie\u{302}\u{301}ng'><p>Vie\u{323}\u{302}t</p></van-ban>").unwrap();
    assert_eq!(document.title, "Tiếng");
    let Block::Paragraph(paragraph) = &document.blocks[0] else { panic!() };
    assert_eq!(plain_text(&paragraph.content), "Việt");
}

#[test]
fn nb_forbids_breaks_inside_only() {
    let Block::Paragraph(paragraph) = only_block("<p>từ <nb>20 ngày làm</nb> việc</p>") else { panic!() };
    assert_eq!(plain_text(&paragraph.content), "từ 20\u{a0}ngày\u{a0}làm việc");
}

#[test]
fn faults_name_line_and_column() {
    let error = failure("<van-ban title='t'>\n  <p>Xin <font>chào</font></p>\n</van-ban>");
    assert_eq!((error.span.line, error.span.column), (2, 10));
    assert!(error.message.contains("<font>"), "{}", error.message);
    let error = failure("<van-ban title='t'>\n<p colour='red'>x</p></van-ban>");
    assert_eq!((error.span.line, error.span.column), (2, 4));
}

#[test]
fn an_element_that_is_not_closed_is_told_where_it_begins() {
    for (markup, line, column, said) in [
        ("<van-ban title='t'>\n <p>x <b>y</p>\n</van-ban>", 2, 7, "<b> mở ở đây mà không có </b> trước </p>"),
        ("<van-ban title='t'>\n <p a='>'>x\n</van-ban>", 2, 2, "<p> mở ở đây mà không có </p> trước </van-ban>"),
        ("<van-ban title='t'>\n <!-- <p> -->", 1, 1, "<van-ban> mở ở đây mà không có </van-ban> trước khi hết văn bản"),
        ("<van-ban title='t'><p>x</p></b></van-ban>", 1, 28, "</b> không có thẻ mở (đang mở là <van-ban>)"),
        ("<van-ban title='t'><p\n<p>x</p></van-ban>", 1, 20, "không có dấu “>” kết thúc"),
        ("<van-ban title='t'>\n<p>A & B</p></van-ban>", 2, 6, "&amp;"),
        ("<van-ban title='t' title='u'/>", 1, 20, "“title” ghi hai lần"),
    ] {
        let error = failure(markup);
        assert!(error.message.contains(said), "{markup}: {error}");
        assert_eq!((error.span.line, error.span.column), (line, column), "{markup}: {error}");
    }
}

#[test]
fn rows_must_have_as_many_columns_as_the_table() {
    let error = failure("<van-ban title='t'><table widths='1 1'>\n<tr><td>a</td></tr></table></van-ban>");
    assert_eq!(error.span.line, 2);
    assert!(matches!(only_block("<table widths='1 1'><tr><td colspan='2'>a</td></tr></table>"), Block::Table { .. }));
}

#[test]
fn deep_nesting_is_an_error_not_a_crash() {
    let deep = format!("<van-ban title='t'><p>{}x{}</p></van-ban>", "<b>".repeat(900), "</b>".repeat(900));
    assert!(failure(&deep).message.contains("quá sâu"));
    let deep = format!("<van-ban title='t'>{}x{}</van-ban>", "<ul><li>".repeat(900), "</li></ul>".repeat(900));
    assert!(failure(&deep).message.contains("quá sâu"));
}

#[test]
fn marks_of_word_processors_are_dropped() {
    let Block::Paragraph(paragraph) = only_block("<p>Ngu\u{200b}yễn\u{2003}Văn\u{ad}\u{feff} A\u{202f}B</p>") else {
        panic!()
    };
    assert_eq!(plain_text(&paragraph.content), "Nguyễn Văn A\u{a0}B");
}

proptest::proptest! {
    #[test]
    fn any_text_is_kept_with_single_spaces(pieces in proptest::collection::vec("[ \tab\u{ea0}\u{a0}\u{200b}\u{2003}]{0,8}", 1..6)) {
        let kept = |text: &str| text.replace(['\t', '\u{2003}'], " ").replace('\u{200b}', "");
        let text: String = pieces.iter().enumerate().map(|(at, piece)| if at % 2 == 0 { piece.clone() } else { format!("<b>{piece}</b>") }).collect();
        let Block::Paragraph(paragraph) = only_block(&format!("<p>{text}</p>")) else { panic!() };
        // A no-break space is a letter like any other here, so only plain spaces are folded.
        let wanted: Vec<String> = kept(&pieces.concat()).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect();
        proptest::prop_assert_eq!(plain_text(&paragraph.content), wanted.join(" "));
        let Block::Paragraph(paragraph) = only_block(&format!("<p><nb>{text}</nb></p>")) else { panic!() };
        let together = plain_text(&paragraph.content);
        let bare = |text: &str| text.trim_end_matches('\u{a0}').to_owned();
        proptest::prop_assert_eq!(bare(&together), bare(&wanted.join("\u{a0}")));
    }
}

#[test]
fn pages_may_lie_on_their_side() {
    let turned = |attribute: &str| parse(&format!("<van-ban title='t'{attribute}><p>x</p></van-ban>"));
    assert!(!turned("").unwrap().landscape && !turned(" orientation='portrait'").unwrap().landscape);
    assert!(turned(" orientation='landscape'").unwrap().landscape);
    let error = turned(" orientation='ngang'").unwrap_err();
    assert!(error.message.contains("portrait, landscape"), "{error}");
}

#[test]
fn charts_name_their_series_and_values() {
    let Block::Chart(chart) = only_block(
        "<chart type='bars' alt='Lời tả'><series>Một</series><series>Hai</series><bar label='A' values='3 0'/></chart>",
    ) else {
        panic!()
    };
    assert_eq!((chart.kind, chart.alt.as_str(), chart.series.len()), (ChartKind::Bars, "Lời tả", 2));
    assert_eq!(chart.bars, [("A".to_owned(), vec![3, 0])]);
    for (markup, said) in [
        ("<chart><series>Một</series><bar label='A' values='3'/></chart>", "“alt”"),
        ("<chart alt='x'><series>Một</series><bar label='A' values='3 4'/></chart>", "có 2 giá trị, cần 1"),
        ("<chart alt='x'><series>Một</series><bar label='A' values='-3'/></chart>", "số nguyên không âm"),
        ("<chart alt='x'><series>Một</series><bar label='A' values='5000000000'/></chart>", "số nguyên không âm"),
        ("<chart alt='x'><series>Một</series><bar values='3'/></chart>", "“label”"),
        ("<chart alt='x'><series>Một</series></chart>", "từ 1 đến 100 <bar>"),
        ("<chart alt='x' height='9000'><series>Một</series><bar label='A' values='3'/></chart>", "“height”"),
        ("<chart alt='x'><p>chữ</p></chart>", "<series>, <bar>"),
    ] {
        let error = failure(&format!("<van-ban title='t'>{markup}</van-ban>"));
        assert!(error.message.contains(said), "{markup}: {error}");
    }
}
