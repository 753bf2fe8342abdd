//! t
use super::{Device, Facts, Source, Told};
use crate::advisories::Makers;
struct X;
impl Source for X {
    fn tell(&self, _: &Device<'_>, _: &Makers, _: &mut Told) {}
}
pub(super) fn source<'f>(_: &'f Facts, _: &Makers) -> Box<dyn Source + 'f> {
    Box::new(X)
}
