use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::document::{Align, Inline, parse};

static FONTS: LazyLock<FontSet> = LazyLock::new(FontSet::builtin);

fn laid(body: &str) -> Layout {
    let document = parse(&format!("<van-ban title='Thử'>{body}</van-ban>")).unwrap();
    lay_out(&document, &Style::builtin(), &FONTS).unwrap()
}

fn faults(body: &str) -> Vec<Fault> {
    let document = parse(&format!("<van-ban title='Thử'>{body}</van-ban>")).unwrap();
    lay_out(&document, &Style::builtin(), &FONTS).unwrap_err()
}

fn text(line: &Line) -> String {
    line.runs.iter().map(|run| run.text.as_str()).collect()
}

/// The line that holds `words`, with the number of its page from 1.
fn find<'a>(layout: &'a Layout, words: &str) -> (usize, &'a Line) {
    let mut lines =
        layout.pages.iter().enumerate().flat_map(|(page, found)| found.lines.iter().map(move |line| (page + 1, line)));
    lines.find(|(_, line)| text(line).contains(words)).unwrap_or_else(|| panic!("no line with {words}"))
}

/// Width of a placed line without the space that ends it, measured anew.
fn width(line: &Line, fonts: &FontSet) -> f64 {
    let whole: String = text(line);
    let trailing = whole.len() - whole.trim_end_matches(' ').len();
    let mut width = 0.0;
    for run in line.runs.iter() {
        for letter in run.text.chars() {
            let (_, thousandths) = fonts.find(run.face, letter).unwrap();
            width += f64::from(thousandths) * run.size / 1000.0 + if letter == ' ' { line.stretch } else { 0.0 };
        }
        width += run.gap;
    }
    let size = line.runs.last().map_or(0.0, |run| run.size);
    width - trailing as f64 * (0.25 * size + line.stretch)
}

/// 20 mm in points, from the decree's margins (Decree 30/2020, App. I, 3).
const MM: f64 = 72.0 / 25.4;

const HEADER: &str = "<header><left><line style='parent-body'>Công ty Á Châu</line>\
    <line style='issuing-body' rule='half'>Trung tâm Chứng thực chữ ký số có tên thật dài để xuống dòng</line>\
    <line style='number'>Số: 05/TB-ECA</line></left>\
    <right><line style='nation'>Cộng hòa xã hội chủ nghĩa Việt Nam</line>\
    <line style='motto' rule='full'>Độc lập - Tự do - Hạnh phúc</line>\
    <line style='place-date'>Hà Nội, ngày 05 tháng 3 năm 2026</line></right></header>";

#[test]
fn the_header_stands_where_the_decree_puts_it() {
    let layout = laid(HEADER);
    let fonts = &*FONTS;
    let (_, nation) = find(&layout, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
    let (_, motto) = find(&layout, "Độc lập - Tự do - Hạnh phúc");
    let (_, number) = find(&layout, "Số: 05/TB-ECA");
    let (_, date) = find(&layout, "Hà Nội, ngày 05 tháng 3 năm 2026");
    let (_, body) = find(&layout, "TRUNG TÂM");
    // Number and date on one line; quốc hiệu on the right half; tiêu ngữ and date centred under it.
    assert!((number.baseline - date.baseline).abs() < 1e-6);
    assert!(nation.x > layout.width / 2.0 - 30.0 * MM / 2.0);
    let middle = |line: &Line| line.x + width(line, fonts) / 2.0;
    assert!((middle(nation) - middle(motto)).abs() < 0.01);
    assert!((middle(nation) - middle(date)).abs() < 0.01);
    assert!(number.baseline > body.baseline && nation.x > body.x);
    // Within the margins: left 30, right 20 mm.
    assert!(layout.pages[0].lines.iter().all(|line| line.x >= 30.0 * MM - 0.01));
    assert!(layout.pages[0].lines.iter().all(|line| line.x + width(line, fonts) <= 190.0 * MM + 0.01));
    // The rule under tiêu ngữ is as long as it; the one under the issuing body a third to a half.
    let rules: Vec<(f64, f64)> = layout.pages[0]
        .shapes
        .iter()
        .filter_map(|shape| match shape {
            Shape::Rule { from, to, .. } => Some((from.0, to.0 - from.0)),
            Shape::Fill { .. } => None,
        })
        .collect();
    assert_eq!(rules.len(), 2);
    let motto_width = width(motto, fonts);
    assert!(rules.iter().any(|(x, length)| (x - motto.x).abs() < 0.01 && (length - motto_width).abs() < 0.01));
    let widest = layout.pages[0]
        .lines
        .iter()
        .filter(|line| {
            line.baseline > body.baseline - 0.01 && line.baseline < number.baseline - 1.0 && line.x < nation.x
        })
        .map(|line| width(line, fonts))
        .fold(0.0, f64::max);
    let short = rules.iter().map(|(_, length)| *length).fold(f64::MAX, f64::min);
    assert!(short >= widest / 3.0 && short <= widest / 2.0, "{short} of {widest}");
}

#[test]
fn a_long_place_stays_on_the_line_of_the_number() {
    let layout = laid(&HEADER.replace("Hà Nội,", "Thành phố Hồ Chí Minh,"));
    let (_, date) = find(&layout, "Thành phố");
    assert!(text(date).contains("năm 2026"), "{}", text(date));
    let (_, number) = find(&layout, "Số: 05");
    assert!((number.baseline - date.baseline).abs() < 1e-6);
    assert!(number.x + width(number, &FONTS) < date.x);
}

fn rows(count: usize) -> String {
    let rows: String = (1..=count).map(|row| format!("<tr><td>{row}</td><td>hàng thứ {row}</td></tr>")).collect();
    format!("<table widths='1 4'><thead><tr><th>TT</th><th>Nội dung cột</th></tr></thead><tbody>{rows}</tbody></table>")
}

#[test]
fn a_long_table_repeats_its_head_as_decoration() {
    let layout = laid(&rows(120));
    assert!(layout.pages.len() >= 3);
    for (index, page) in layout.pages.iter().enumerate() {
        let heads: Vec<&Line> = page.lines.iter().filter(|line| text(line).contains("Nội dung cột")).collect();
        assert_eq!(heads.len(), 1, "page {}", index + 1);
        assert_eq!(heads[0].owner == Owner::Artifact, index > 0);
        assert!(page.lines.iter().all(|line| line.baseline < layout.height - 20.0 * MM));
    }
    let all = layout.page_texts().join("\n");
    for row in 1..=120 {
        assert_eq!(all.lines().filter(|line| *line == format!("hàng thứ {row}")).count(), 1);
    }
}

#[test]
fn a_narrow_column_takes_the_room_its_words_need() {
    let layout = laid(
        "<table widths='4 80 9'><thead><tr><th>STT</th><th>Nội dung</th><th>Ngày</th></tr></thead>\
         <tbody><tr><td>1</td><td>Một hai ba</td><td>20/11/2026</td></tr></tbody></table>",
    );
    find(&layout, "STT");
    find(&layout, "20/11/2026");
    let right = layout.pages[0].lines.iter().map(|line| line.x + width(line, &FONTS)).fold(0.0, f64::max);
    assert!(right <= 190.0 * MM - 4.0 + 0.01);
}

#[test]
fn a_row_higher_than_a_page_is_divided() {
    let words = "chữ ".repeat(9_000);
    let layout = laid(&format!("<table><tr><td>{words}</td><td>bên cạnh</td></tr></table>"));
    assert!(layout.pages.len() >= 4);
    let count: usize = layout.page_texts().iter().map(|page| page.matches("chữ").count()).sum();
    assert_eq!(count, 9_000);
    assert!(layout.pages.iter().all(|page| page.lines.iter().all(|line| line.baseline < layout.height - 20.0 * MM)));
}

/// Lines of each paragraph "Đoạn N" by page: (paragraph, page) → how many lines.
fn spread(layout: &Layout) -> std::collections::BTreeMap<(usize, usize), usize> {
    let mut spread = std::collections::BTreeMap::new();
    for (page, found) in layout.pages.iter().enumerate() {
        for line in &found.lines {
            if let Owner::Element(element) = line.owner {
                *spread.entry((element.0, page)).or_insert(0) += 1;
            }
        }
    }
    spread
}

#[test]
fn no_single_line_of_a_paragraph_stands_alone() {
    // Paragraphs of every length from 1 to 9 lines, pushed down by 0 to 11 lines.
    for pushed in 0..12 {
        let mut body = "<p>Một dòng.</p>".repeat(pushed);
        for length in (1..=9).cycle().take(30) {
            body.push_str(&format!("<p>{}</p>", "thử ".repeat(length * 21 - 8)));
        }
        let layout = laid(&body);
        let spread = spread(&layout);
        for ((element, page), lines) in &spread {
            let total: usize = spread.iter().filter(|((other, _), _)| other == element).map(|(_, lines)| lines).sum();
            assert!(total == *lines || *lines >= 2, "{lines} of {total} lines alone on page {}", page + 1);
        }
    }
}

#[test]
fn a_closing_takes_two_lines_with_it() {
    let closing = "<closing><recipients><r>Như trên;</r></recipients><signer><office>Giám đốc</office><name>Lộc</name></signer></closing>";
    for before in 20..45 {
        let body = format!("{}<p>Dòng cuối./.</p>{closing}", "<p>Một dòng.</p>".repeat(before));
        let layout = laid(&body);
        let (page, office) = find(&layout, "GIÁM ĐỐC");
        let above = layout.pages[page - 1]
            .lines
            .iter()
            .filter(|line| line.baseline < office.baseline - 5.0 && line.owner != Owner::Artifact)
            .count();
        assert!(above >= 2, "{above} lines above the signature on page {page}, {before} paragraphs");
        let (_, recipients) = find(&layout, "Nơi nhận");
        assert!((recipients.baseline - office.baseline).abs() < 2.0);
    }
}

#[test]
fn a_line_for_the_receiver_stays_with_the_closing() {
    let end = "<closing><signer><office>Giám đốc</office><name>Lộc</name></signer></closing><space size='6'/>\
               <p indent='no'>Người nhận: ……</p>";
    for before in 20..45 {
        let layout = laid(&format!("{}{end}", "<p>Một dòng.</p>".repeat(before)));
        assert_eq!(find(&layout, "GIÁM ĐỐC").0, find(&layout, "Người nhận").0, "{before} paragraphs");
    }
}

/// The builtin style without leave to tighten.
fn loose() -> Style {
    let yaml = Style::builtin_text();
    let (before, after) = yaml.split_once("thu_gon:").unwrap();
    Style::parse(&format!("{before}dau_chim:{}", after.split_once("dau_chim:").unwrap().1)).unwrap()
}

#[test]
fn a_letter_is_tightened_only_where_that_saves_a_page_and_no_more_than_needed() {
    let lines = |count: usize| parse(&format!("<van-ban title='Thử'>{}</van-ban>", "<p>Một dòng.</p>".repeat(count)));
    let (tight, loose) = (Style::builtin(), loose());
    let leading = |layout: &Layout| layout.pages[0].lines[1].baseline - layout.pages[0].lines[0].baseline;
    let mut leadings = Vec::new();
    for count in 20..60 {
        let document = lines(count).unwrap();
        let (plain, set) = (lay_out(&document, &loose, &FONTS).unwrap(), lay_out(&document, &tight, &FONTS).unwrap());
        assert!(set.pages.len() <= plain.pages.len());
        if set.pages.len() == plain.pages.len() {
            assert_eq!(set, plain, "{count} paragraphs");
        } else {
            leadings.push(leading(&set));
        }
    }
    // 257 mm hold 31 paragraphs of 17 + 6 pt (the last without the 6); of 14.96 pt, 35.
    assert_eq!(leadings.len(), 4);
    assert!(leadings.windows(2).all(|pair| pair[0] >= pair[1]), "{leadings:?}");
    assert!(leadings.iter().all(|leading| (14.95 + 6.0..17.0 + 6.0).contains(leading)), "{leadings:?}");
}

#[test]
fn centred_lines_end_where_the_sense_pauses() {
    let lines = |text: &str| {
        let layout = laid(&format!("<subject>{text}</subject>"));
        layout.pages[0].lines.iter().map(|line| self::text(line).trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(
        lines("Trả lời khiếu nại lần hai, lần ba của Trung tâm Chứng thực chữ ký số công cộng E-CA"),
        ["Trả lời khiếu nại lần hai, lần ba của", "Trung tâm Chứng thực chữ ký số công cộng E-CA"]
    );
    assert_eq!(
        lines("(Địa chỉ: Nhà thuốc Tâm An, số 41 phố Quan Nhân, phường Thanh Xuân, thành phố Hà Nội)"),
        ["(Địa chỉ: Nhà thuốc Tâm An, số 41 phố Quan Nhân,", "phường Thanh Xuân, thành phố Hà Nội)"]
    );
    let office = "<signatures><signer><office>Trưởng phòng Chăm sóc khách hàng</office></signer>\
                  <signer><office>Giám đốc</office></signer></signatures>";
    assert!(text(find(&laid(office), "TRƯỞNG PHÒNG").1).trim_end().ends_with("TRƯỞNG PHÒNG"));
}

#[test]
fn pages_are_numbered_from_the_second_and_anew_in_an_appendix() {
    let layout =
        laid("<p>một</p><page-break/><p>hai</p><appendix title='Phụ lục'><p>a</p><page-break/><p>b</p></appendix>");
    let numbers: Vec<Option<String>> = layout
        .pages
        .iter()
        .map(|page| page.lines.iter().find(|line| line.owner == Owner::Artifact).map(text))
        .collect();
    assert_eq!(numbers, [None, Some("2".to_owned()), None, Some("2".to_owned())]);
}

#[test]
fn the_foot_is_on_page_one_only_and_below_the_text() {
    let layout = laid(&format!("{}<foot>Địa chỉ: Hà Nội</foot>", "<p>Một dòng.</p>".repeat(60)));
    let (page, foot) = find(&layout, "Địa chỉ");
    assert_eq!(page, 1);
    assert!(layout.pages[0].lines.iter().all(|line| line == foot || line.baseline < foot.baseline - 10.0));
    assert_eq!(layout.page_texts().join("\n").matches("Địa chỉ").count(), 1);
}

#[test]
fn heading_levels_are_not_skipped() {
    let layout = laid("<h level='2'>a</h><p>x</p><h level='1'>b</h><p>x</p><h level='3'>c</h><p>x</p>");
    let levels: Vec<usize> = layout
        .elements
        .iter()
        .filter_map(|element| if let Role::Heading(level) = element.role { Some(level) } else { None })
        .collect();
    assert_eq!(levels, [1, 1, 2]);
}

#[test]
fn faults_say_what_does_not_fit() {
    let found = faults("<p>Ông ⿰王 và x王, ⿰王</p><kind>王</kind>");
    let missing =
        |letters: &[char], text: &str| Fault::MissingGlyph { letters: letters.to_vec(), text: text.to_owned() };
    assert_eq!(found, [missing(&['⿰', '王'], "⿰王"), missing(&['王'], "x王,"), missing(&['王'], "王")]);
    let found = faults("<p style='la'>chữ</p>");
    assert_eq!(found, [Fault::UnknownStyle { name: "la".to_owned(), text: "chữ".to_owned() }]);
    let long = "nghiêng".repeat(12);
    let found = faults(&format!("<table widths='1 1'><tr><td>{long}</td><td>b</td></tr></table>"));
    assert!(matches!(&found[..], [Fault::TooWide { word, .. }] if *word == long), "{found:?}");
}

#[test]
fn a_long_serial_is_divided_in_a_narrow_cell() {
    let layout = laid("<table widths='15 85'><tr><td>5404FFFEB7033FB316D672201B71CD57</td><td>b</td></tr></table>");
    let shown: String = layout.page_texts()[0].lines().filter(|line| *line != "b").collect();
    assert_eq!(shown, "5404FFFEB7033FB316D672201B71CD57");
}

#[test]
fn paragraphs_are_flush_on_both_sides_but_for_the_last_line() {
    let layout = laid(&format!("<p>{}</p>", "Trung tâm Chứng thực chữ ký số trả lời như sau ".repeat(12)));
    let fonts = &*FONTS;
    let lines = &layout.pages[0].lines;
    let right = 190.0 * MM;
    for line in &lines[..lines.len() - 1] {
        assert!((line.x + width(line, fonts) - right).abs() < 0.01);
    }
    let last = &lines[lines.len() - 1];
    assert!(last.stretch == 0.0 && last.x + width(last, fonts) < right);
    assert!((lines[0].x - 42.7 * MM).abs() < 0.01, "first-line indent 12.7 mm");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn no_line_is_wider_than_the_measure(
        words in proptest::collection::vec("[a-zđêườngĐ0-9%.,/-]{1,14}", 1..120),
        measure in 90.0..500.0f64,
        indent in prop_oneof![Just(0.0), Just(36.0)],
        align in prop_oneof![Just(Align::Justify), Just(Align::Center), Just(Align::Left)],
        bold in any::<bool>(),
    ) {
        use crate::document::Emphasis;
        let (fonts, style) = (&*FONTS, Style::builtin());
        let emphasis = Emphasis { bold, ..Emphasis::default() };
        let content = vec![Inline::Text { text: words.join(" "), emphasis }];
        let body = style.text("body");
        match line::set(&content, body, fonts, align, measure, indent) {
            Ok(lines) => {
                let mut shown = String::new();
                for line in &lines {
                    prop_assert!(line.indent + line.drawn_width(align, body.size) <= measure + 1e-6);
                    let mut drawing = slab::Drawing::default();
                    line.place(0.0, 0.0, align, body, Owner::Artifact, &mut drawing);
                    let placed = &drawing.lines[0];
                    prop_assert!(placed.x + width(placed, fonts) <= measure + 1e-6);
                    shown.push_str(&text(placed));
                }
                // Nothing lost, nothing added.
                prop_assert_eq!(shown, words.join(" "));
            }
            Err(faults) => for fault in faults {
                let Fault::TooWide { word, .. } = fault else { panic!("{fault}") };
                let wide: f64 = word.chars().map(|letter| {
                    let face = FontSet::styled(emphasis);
                    f64::from(fonts.find(face, letter).unwrap().1) * body.size / 1000.0
                }).sum();
                prop_assert!(wide > measure - indent);
            }
        }
    }

    #[test]
    fn any_mixture_of_blocks_is_laid_out_within_the_page(picks in proptest::collection::vec(0usize..9, 1..40)) {
        let closing = "<closing><recipients><r>Như trên;</r></recipients><signer><office>A</office></signer></closing>";
        let table = rows(7);
        let long = format!("<p>{}</p>", "một hai ba bốn ".repeat(60));
        let blocks = [
            "<p>Ngắn.</p>", &long, &table, "<h level='1'>Đề mục</h>", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>",
            "<fields><f label='Họ tên'>X</f></fields>", "<rules lines='3' label='Ý kiến:'/>", closing, "<space size='30'/>",
        ];
        let body: String = picks.iter().map(|pick| blocks[*pick]).collect();
        let layout = laid(&format!("{body}<foot>Địa chỉ</foot>"));
        for page in &layout.pages {
            for line in &page.lines {
                prop_assert!(line.baseline > 0.0 && line.baseline < layout.height);
                if !text(line).contains("Địa chỉ") {
                    prop_assert!(line.baseline < layout.height - 20.0 * MM);
                }
                if let Owner::Element(id) = line.owner {
                    prop_assert!(layout.elements[id.0].parent.is_some());
                }
            }
        }
        for (index, element) in layout.elements.iter().enumerate().skip(1) {
            prop_assert!(element.parent.unwrap().0 < index);
        }
    }
}

#[test]
fn values_of_all_pairs_on_a_page_begin_at_one_line() {
    let pairs = |label: &str, value: &str| format!("<fields><f label='{label}'>{value}</f></fields>");
    let layout = laid(&format!("{}<p>Giữa</p>{}", pairs("Tên", "Hường"), pairs("Ngày, giờ tiếp nhận", "05/3/2026")));
    let [one, other] = ["Hường", "05/3/2026"].map(|words| find(&layout, words).1.x);
    assert_eq!(one, other);
    // Pairs in a column of their own keep to themselves.
    let columns = "<columns><col><fields><f label='Tên'>Minh</f></fields></col></columns>";
    let layout = laid(&format!("{columns}{}", pairs("Ngày, giờ tiếp nhận", "05/3/2026")));
    assert!(find(&layout, "Minh").1.x < find(&layout, "05/3/2026").1.x - 50.0);
}

#[test]
fn a_ragged_text_ends_with_more_than_one_word() {
    let address = "12 ngõ 34 phố Nguyễn Thị Minh Khai, phường Bến Nghé, Quận 1, Thành phố Hồ Chí Minh";
    for length in 40..=address.chars().count() {
        let words: String = address.chars().take(length).collect::<String>().trim().to_owned();
        let layout = laid(&format!("<table widths='1 2'><tr><td>x</td><td>{words}</td></tr></table>"));
        let lines: Vec<String> = layout.pages[0].lines.iter().map(text).filter(|line| line.trim() != "x").collect();
        let last = lines.last().unwrap().trim();
        assert!(lines.len() == 1 || last.contains(' '), "{lines:?}");
        assert_eq!(lines.concat().split_whitespace().collect::<Vec<_>>().join(" "), words);
    }
}

/// A4 is 210 × 297 mm; the margins are the decree's on either orientation (Decree 30/2020, App. I, part I, 2 and 3).
#[test]
fn a_page_lying_on_its_side() {
    let rows: String = (1..=60).map(|row| format!("<tr><td>{row}</td><td>Chữ trong ô</td></tr>")).collect();
    let table =
        format!("<table widths='1 9'><thead><tr><th>Số TT</th><th>Cột</th></tr></thead><tbody>{rows}</tbody></table>");
    let lay = |attribute: &str| {
        let document = parse(&format!("<van-ban title='Thử'{attribute}>{table}</van-ban>")).unwrap();
        lay_out(&document, &Style::builtin(), &FONTS).unwrap()
    };
    let layout = lay(" orientation='landscape'");
    assert!((layout.width - 297.0 * MM).abs() < 0.01 && (layout.height - 210.0 * MM).abs() < 0.01);
    let rules = layout.pages.iter().flat_map(|page| &page.shapes);
    let right = rules.map(|shape| match shape {
        Shape::Rule { from, to, .. } => from.0.max(to.0),
        Shape::Fill { at, size, .. } => at.0 + size.0,
    });
    let right = right.fold(0.0, f64::max);
    assert!((right - 277.0 * MM).abs() < 1.0, "the table ends 20 mm from the edge: {right}");
    for page in &layout.pages {
        let lowest = page.lines.iter().map(|line| line.baseline).fold(0.0, f64::max);
        assert!(lowest <= 190.0 * MM, "{lowest}");
        assert!(page.lines.iter().any(|line| text(line).contains("Số TT")), "the head stands on every page");
    }
    assert!(layout.pages.len() > lay("").pages.len());
    layout.check_structure().unwrap();
}

/// What is drawn has the lengths of the values: 12, 6 and 0 of an axis that ends at 20.
#[test]
fn bars_are_as_long_as_their_values() {
    for (kind, length) in [("columns", 1), ("bars", 0)] {
        let layout = laid(&format!(
            "<chart type='{kind}' alt='Lời tả'><series>Số</series><bar label='A' values='12'/><bar label='B' \
             values='6'/><bar label='C' values='0'/></chart>"
        ));
        let figure = &layout.pages[0].figures[0];
        let lengths: Vec<f64> = figure
            .shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Fill { size, .. } => Some(if length == 1 { size.1 } else { size.0 }),
                Shape::Rule { .. } => None,
            })
            .collect();
        assert_eq!(lengths.len(), 2, "{kind}: what is nothing has no bar");
        assert!((lengths[0] / lengths[1] - 2.0).abs() < 0.01, "{kind}: {lengths:?}");
        let words: Vec<String> = figure.lines.iter().map(text).collect();
        for word in ["A", "B", "C", "12", "6", "0", "20"] {
            assert!(words.iter().any(|said| said == word), "{kind}: {word} in {words:?}");
        }
        let inside = |(x, y): (f64, f64)| {
            let ((left, top), (width, height)) = (figure.at, figure.size);
            (left - 0.1..=left + width + 0.1).contains(&x) && (top - 0.1..=top + height + 0.1).contains(&y)
        };
        for line in &figure.lines {
            assert!(
                inside((line.x, line.baseline)) && inside((line.x + width(line, &FONTS), line.baseline)),
                "{}",
                text(line)
            );
        }
        layout.check_structure().unwrap();
    }
    let narrow = "<columns widths='1 9'><col><chart alt='x'><series>Số</series><bar label='A' values='1'/></chart></col><col><p>x</p></col></columns>";
    assert!(matches!(&faults(narrow)[..], [Fault::TooWide { .. }]));
    let strange = "<chart alt='x'><series>Số</series><bar label='字' values='1'/></chart>";
    assert!(matches!(&faults(strange)[..], [Fault::MissingGlyph { letters, .. }] if letters == &['字']));
}

#[test]
fn a_tightened_letter_keeps_its_room_for_signature_and_seal() {
    let signer = "<closing><signer><office>Giám đốc</office><name>Vũ Thị Mai</name></signer></closing>";
    let mut tightened = 0;
    for count in 20..40 {
        let layout = laid(&("<p>Một dòng chữ.</p>".repeat(count) + signer));
        let (page, name) = find(&layout, "Vũ Thị Mai");
        let (same, office) = find(&layout, "GIÁM ĐỐC");
        assert_eq!((page, same), (layout.pages.len(), page));
        assert!(name.baseline - office.baseline > 62.0, "{count} lines: {}", name.baseline - office.baseline);
        // Whatever goes over takes two lines of the text along.
        let last: Vec<&Line> = layout.pages[page - 1].lines.iter().filter(|line| text(line).contains("dòng")).collect();
        assert!(last.len() >= 2, "{count} lines: {}", last.len());
        // Set plainly, two paragraphs are 17 + 6 points apart.
        tightened += usize::from(last[1].baseline - last[0].baseline < 22.9);
    }
    assert!(tightened > 0);
}
