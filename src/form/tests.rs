use super::*;

#[test]
fn builtin_forms_load() {
    if let Err(faults) = FormSet::load(&[]) {
        panic!("{faults:#?}");
    }
}
