//! What a device is called, read for comparing it with the products of advisories.

use std::borrow::Cow;

use super::makers::Makers;
use super::names::{Fit, Product};
use super::predicate::{Profile, words};

/// A device's maker and name.
#[derive(Clone, Debug)]
pub struct Device {
    /// The houses that its maker's name means; none where nobody says who made it.
    pub makers: Vec<String>,
    /// As it calls itself.
    told: Product,
    /// As its maker lists the number by which it was ordered.
    listed: Option<Product>,
    /// That number.
    pub number: Option<String>,
}

impl Device {
    /// Reads the names of a device; `None` if it has neither model nor a number that its maker lists.
    pub fn read(profile: &Profile, makers: &Makers) -> Option<Self> {
        let own = profile.vendor.as_deref().map(|vendor| makers.names_of(vendor)).unwrap_or_default();
        let maker_words: Vec<String> = own.iter().flat_map(|name| words(name)).collect();
        let read = |name: &str| Product::read(name, &maker_words);
        let model = profile.model.as_deref();
        let ordered = profile.catalogue.as_deref();
        let known = [model, ordered].into_iter().flatten().find_map(|text| makers.model_of(&own, text));
        let told = model.map(read).or_else(|| known.as_ref().and(ordered).map(read))?;
        let listed = known.as_ref().map(|(number, name)| (number, read(name)));
        // What calls itself otherwise is not what the number says: one of the two is wrong.
        let listed = listed.filter(|(number, listed)| told.may_be(listed, number)).map(|(_, listed)| listed);
        let number =
            ordered.map(str::to_owned).or_else(|| known.filter(|_| listed.is_some()).map(|(number, _)| number));
        Some(Self { makers: own, told, listed, number })
    }

    /// What is known of the device, with the number that stood in its name.
    pub fn completed<'p>(&self, profile: &'p Profile) -> Cow<'p, Profile> {
        if profile.catalogue == self.number {
            return Cow::Borrowed(profile);
        }
        Cow::Owned(Profile { catalogue: self.number.clone(), ..profile.clone() })
    }

    /// How well the name fits a product's. A listed name says more than a number; the number itself may stand in a product's.
    pub fn fit(&self, product: &Product) -> Fit {
        let told = product.fits(&self.told);
        let Some(listed) = &self.listed else { return told };
        if product.leaves_out(&self.told) {
            return Fit::Other;
        }
        let listed = product.fits(listed);
        if told.rank() < listed.rank().min(Fit::Maybe(Vec::new()).rank()) { told } else { listed }
    }

    /// Whether the name lacks something that a product's name has.
    pub fn says_less_than(&self, product: &Product) -> bool {
        !std::iter::once(&self.told).chain(&self.listed).any(|name| product.is_within(name))
    }
}
