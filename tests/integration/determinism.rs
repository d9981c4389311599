//! The same cases give the same bytes: in any folder, with any number of threads.

use crate::desk::{Run, differences, hoso, scratch, tree_of};

#[test]
fn the_samples_in_two_folders_with_one_and_four_threads() {
    let (one, other) = (scratch(), scratch());
    std::fs::create_dir_all(other.path().join("một thư mục khác/sâu hơn")).unwrap();
    let first = one.path().join("demo");
    let second = other.path().join("một thư mục khác/sâu hơn/demo");
    Run::of(hoso(one.path()).args(["--jobs", "1", "demo"]).arg(&first)).expect(0);
    let mut command = hoso(other.path());
    command.args(["--jobs", "4", "demo"]).arg(&second).env("TZ", "America/New_York").env("LANG", "C");
    Run::of(&mut command).expect(0);
    let (a, b) = (tree_of(&first), tree_of(&second));
    let count = |ending: &str| a.keys().filter(|name| name.ends_with(ending)).count();
    assert!(count(".pdf") > 20 && count(".zip") >= 3 && count(".jsonl") >= 2, "{:#?}", a.keys());
    assert_eq!(differences(&a, &b), Vec::<String>::new());
}
