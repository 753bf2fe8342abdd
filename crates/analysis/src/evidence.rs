//! What speaks for what: evidence kept with its origin, and how it adds up.
//!
//! Additive log-odds in decibans (10·log10 of odds). For each attribute and each value:
//! prior + Σ over families of clamp(strongest + damping · rest, ±cap), then a softmax over the rival values and an
//! explicit `unknown` at 0. Families add, rules within a family are damped: they often read the same thing twice.

mod state;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use model::Timestamp;
use model::observation::FrameRef;

use crate::knowledge::{
    Attribute, AttributeKind, Corroboration, Family, Knowledge, Match, Rule, ShownBy, VENDOR, Weights,
};
pub(crate) use state::{Claims, save};

/// Pieces of evidence kept for one entity; further ones are counted only.
pub const EVIDENCE_MAX: usize = 256;
/// Values that one rule may claim of one entity: who changes its name with every breath must not crowd out what else is
/// known about it.
pub const VALUES_PER_RULE_MAX: usize = 8;
/// What a device is given anew from time to time: the latest holds.
const RENEWED: [&str; 2] = ["software", "firmware"];
/// Stands beside what was read where another device said it.
const REPORTED_BY: &str = "reported_by";

/// One rule that spoke for (or against) one value, with its first occasion.
#[derive(Clone, Debug)]
pub struct Evidence<'k> {
    /// The rule.
    pub rule: &'k Rule,
    /// Its family, or that of reports if another said it of this device.
    pub family: Family,
    /// Weight in decibans.
    pub weight_db: f32,
    /// The field that decided, as in `dicom.calling_ae`.
    pub field: Arc<str>,
    /// What the field said.
    pub field_value: Arc<str>,
    /// Further fields that the rule read, and what they said.
    pub also: Arc<[(Arc<str>, Arc<str>)]>,
    /// Where it was first seen.
    pub frame: FrameRef,
    /// When it was first seen.
    pub first: Timestamp,
    /// When it was last seen.
    pub last: Timestamp,
    /// How often it was seen.
    pub count: u64,
}

impl Evidence<'_> {
    /// Who said it, if another device said it of this one.
    pub(crate) fn reporter(&self) -> Option<&str> {
        let by = self.also.iter().rfind(|(field, _)| &**field == REPORTED_BY);
        by.filter(|_| self.family == Family::Reported).map(|(_, by)| &**by)
    }
}

/// A piece of evidence and what it speaks for.
#[derive(Clone, Debug)]
pub struct Piece<'k> {
    /// The attribute, as in `vendor`.
    pub attribute: &'k Attribute,
    /// The value that it speaks for or against.
    pub value: Arc<str>,
    /// Why.
    pub evidence: Evidence<'k>,
}

impl<'k> Piece<'k> {
    /// What a rule claims on reading the fields of a protocol, on no occasion yet. Whoever claims the same shares its texts.
    pub fn claimed(found: &Match<'k, '_>, protocol: &str) -> Self {
        let text = |(field, text): &(&str, Cow<'_, str>)| (format!("{protocol}.{field}").into(), (**text).into());
        let evidence = Evidence {
            rule: found.rule,
            family: found.rule.family,
            weight_db: found.db,
            field: format!("{protocol}.{}", found.field).into(),
            field_value: (*found.field_value).into(),
            // Most have nothing further: those share one list.
            also: if found.also.is_empty() { Arc::default() } else { found.also.iter().map(text).collect() },
            frame: FrameRef { capture: 0, number: 0 },
            first: Timestamp(0),
            last: Timestamp(0),
            count: 0,
        };
        Self { attribute: found.attribute, value: (*found.value).into(), evidence }
    }
}

/// When and where something was seen.
#[derive(Clone, Copy, Debug)]
pub struct Occasion {
    /// When.
    pub time: Timestamp,
    /// In which frame.
    pub frame: FrameRef,
}

/// A role that a device was seen to play.
#[derive(Clone, Copy, Debug)]
pub struct Playing<'a> {
    /// The role's id, as in `dhcp_server`.
    pub role: &'a str,
    /// The field that showed it, and what it said, as in `dicom.command_field C-FIND-RQ`.
    pub field: &'a str,
    /// Where it was first seen.
    pub frame: FrameRef,
    /// How often it was seen.
    pub count: u64,
}

impl Playing<'_> {
    fn as_shown(&self) -> Shown {
        let (field, field_value) = self.field.split_once(' ').unwrap_or((self.field, ""));
        Shown { field: field.into(), field_value: field_value.into(), frame: self.frame, count: self.count }
    }
}

/// What shows that something was told of the speaker itself.
struct Shown {
    field: Arc<str>,
    field_value: Arc<str>,
    frame: FrameRef,
    count: u64,
}

/// The evidence for each value of one attribute.
pub type Values<'a, 'k> = BTreeMap<&'a str, Vec<&'a Evidence<'k>>>;

/// All evidence about one entity.
#[derive(Clone, Debug, Default)]
pub struct Ledger<'k> {
    pieces: Vec<Piece<'k>>,
    /// Pieces that did not fit, each time.
    pub turned_away: u64,
}

impl<'k> Ledger<'k> {
    /// Adds what was claimed on an occasion, or one more occasion if it is known. Gives its place for
    /// [`again`](Self::again); `None` if it did not fit.
    pub fn add(&mut self, claim: &Piece<'k>, occasion: &Occasion, count: u64) -> Option<usize> {
        let Occasion { time, frame } = *occasion;
        let evidence = Evidence { frame, first: time, last: time, count, ..claim.evidence.clone() };
        self.put(claim.attribute, &claim.value, evidence)
    }

    fn put(&mut self, attribute: &'k Attribute, value: &Arc<str>, evidence: Evidence<'k>) -> Option<usize> {
        let is_it = |piece: &Piece<'_>| {
            std::ptr::eq(piece.evidence.rule, evidence.rule)
                && piece.evidence.family == evidence.family
                && std::ptr::eq(piece.attribute, attribute)
                && piece.value == *value
        };
        if let Some(place) = self.pieces.iter().position(is_it) {
            if let Some(known) = self.pieces.get_mut(place) {
                known.evidence.merge(evidence);
            }
            return Some(place);
        }
        let same_rule = |piece: &&Piece<'_>| {
            std::ptr::eq(piece.evidence.rule, evidence.rule) && std::ptr::eq(piece.attribute, attribute)
        };
        let claimed = self.pieces.iter().filter(same_rule).count();
        if self.pieces.len() >= EVIDENCE_MAX || claimed >= VALUES_PER_RULE_MAX {
            self.turn_away();
            return None;
        }
        self.pieces.push(Piece { attribute, value: Arc::clone(value), evidence });
        Some(self.pieces.len().saturating_sub(1))
    }

    /// A piece did not fit.
    pub fn turn_away(&mut self) {
        self.turned_away = self.turned_away.saturating_add(1);
    }

    /// The piece at that place was seen once more, not before it was first seen. Gives whether this was noted, which is all
    /// that adding it once more would do; if not, it has to be added.
    pub fn again(&mut self, place: usize, time: Timestamp) -> bool {
        let piece = self.pieces.get_mut(place).filter(|piece| piece.evidence.first <= time);
        if let Some(Piece { evidence, .. }) = piece {
            evidence.count = evidence.count.saturating_add(1);
            evidence.last = evidence.last.max(time);
            return true;
        }
        false
    }

    /// Takes over an entity's evidence: it turned out to be of this device.
    pub fn absorb(&mut self, other: &Self) {
        match self.pieces.is_empty() {
            true => self.pieces.extend_from_slice(&other.pieces),
            false => {
                for Piece { attribute, value, evidence } in &other.pieces {
                    self.put(attribute, value, evidence.clone());
                }
            }
        }
        self.turned_away = self.turned_away.saturating_add(other.turned_away);
    }

    /// Takes over what another device says of this one: it weighs less, and says by whom it was said.
    pub fn absorb_reported(&mut self, other: &Self, by: &Arc<str>) {
        for Piece { attribute, value, evidence } in &other.pieces {
            let by = std::iter::once((Arc::from(REPORTED_BY), Arc::clone(by)));
            let also = evidence.also.iter().cloned().chain(by).collect();
            self.put(attribute, value, Evidence { family: Family::Reported, also, ..evidence.clone() });
        }
        self.turned_away = self.turned_away.saturating_add(other.turned_away);
    }

    /// Forgets everything that some others report.
    pub(crate) fn forget_reports(&mut self, is_doubted: impl Fn(&str) -> bool) {
        self.pieces.retain(|piece| !piece.evidence.reporter().is_some_and(&is_doubted));
    }

    /// The protocol of what is said, and when it was said first; nothing if nothing is.
    pub fn first_said(&self) -> Option<(&str, Occasion)> {
        let first = self.pieces.iter().map(|piece| &piece.evidence).min_by_key(|piece| (piece.first, piece.frame))?;
        let protocol = first.field.split_once('.').map_or(&*first.field, |(protocol, _)| protocol);
        Some((protocol, Occasion { time: first.first, frame: first.frame }))
    }

    /// Forgets all, and keeps the room.
    pub fn clear(&mut self) {
        self.pieces.clear();
        self.turned_away = 0;
    }

    /// The values of an attribute and what speaks for them.
    pub fn values(&self, attribute: &Attribute) -> Values<'_, 'k> {
        let mut values = Values::new();
        for piece in self.pieces.iter().filter(|piece| std::ptr::eq(piece.attribute, attribute)) {
            values.entry(&*piece.value).or_default().push(&piece.evidence);
        }
        values
    }

    /// The values of an attribute without those that are outdated.
    pub fn current_values(&self, attribute: &Attribute) -> Values<'_, 'k> {
        let mut values = self.values(attribute);
        if RENEWED.contains(&attribute.id.as_str()) {
            let is_old = |pieces: &Vec<&Evidence<'k>>| is_outdated(pieces, values.values().flatten().copied());
            let old: Vec<&str> = values.iter().filter(|(_, pieces)| is_old(pieces)).map(|(value, _)| *value).collect();
            values.retain(|value, _| !old.contains(value));
        }
        values
    }

    /// When the first and the last evidence was seen.
    pub fn span(&self) -> Option<(Timestamp, Timestamp)> {
        let first = self.pieces.iter().map(|piece| piece.evidence.first).min()?;
        Some((first, self.pieces.iter().map(|piece| piece.evidence.last).max()?))
    }

    /// The values that medical messages claim of their speaker with at least this much.
    pub fn told_of_itself(&self, attribute: &Attribute, weight_db: f32) -> Vec<&str> {
        let says = |piece: &&Evidence<'_>| piece.family == Family::MedicalSelf && piece.weight_db >= weight_db;
        let values = self.values(attribute).into_iter();
        values.filter(|(_, pieces)| pieces.iter().any(says)).map(|(value, _)| value).collect()
    }

    /// Adds what speaks for values because something else shows that they were told of the speaker itself. `plays` are the
    /// roles that it was seen to play.
    pub fn corroborate(&mut self, knowledge: &'k Knowledge, plays: &[Playing<'_>]) {
        let known = knowledge.corroborations().iter();
        let agreed: Vec<Piece<'k>> = known.flat_map(|known| self.agreed(known, knowledge, plays)).collect();
        for Piece { attribute, value, evidence } in agreed {
            self.put(attribute, &value, evidence);
        }
    }

    fn agreed(&self, known: &'k Corroboration, knowledge: &Knowledge, plays: &[Playing<'_>]) -> Vec<Piece<'k>> {
        let said: Vec<&Piece<'k>> = self.speaking_for().filter(|piece| known.is_said(piece.evidence.rule)).collect();
        let is_single = said.iter().filter(|piece| known.tells_apart(piece.attribute)).all(|piece| {
            said.iter().all(|other| !std::ptr::eq(other.attribute, piece.attribute) || other.value == piece.value)
        });
        let shown = match &known.shown_by {
            ShownBy::Maker(on) => self.of_said_maker(&said, on),
            // Where anything else names another maker the card is just a part.
            ShownBy::Kind => one_maker(self.speaking_for())
                .and_then(|maker| known.of_made_kind(self.speaking_for(), maker, knowledge))
                .map(Evidence::as_shown),
            ShownBy::Role(role, unless) => {
                let is_played = |role: &String| plays.iter().any(|playing| playing.role == role);
                let playing = plays.iter().find(|playing| playing.role == role);
                playing.filter(|_| !unless.iter().any(is_played)).map(Playing::as_shown)
            }
        };
        let Some(shown) = shown.filter(|_| is_single) else { return Vec::new() };
        let mut raised: Vec<Piece<'k>> = Vec::new();
        for piece in said.iter().filter(|piece| known.raises(piece.attribute)) {
            let is_it =
                |other: &Piece<'_>| std::ptr::eq(other.attribute, piece.attribute) && other.value == piece.value;
            if raised.iter().any(is_it) {
                continue;
            }
            // What shows it, and what it agrees with.
            let agrees_with = (Arc::clone(&piece.evidence.field), Arc::clone(&piece.evidence.field_value));
            let Shown { field, field_value, frame, count } = &shown;
            let evidence = Evidence {
                rule: &known.rule,
                family: known.rule.family,
                weight_db: known.db,
                field: Arc::clone(field),
                field_value: Arc::clone(field_value),
                also: Arc::new([agrees_with]),
                frame: *frame,
                count: *count,
                ..piece.evidence.clone()
            };
            raised.push(Piece { attribute: piece.attribute, value: piece.value.clone(), evidence });
        }
        raised
    }

    /// What says, in messages of these kinds, that the speaker is of the one maker that was named at second hand.
    fn of_said_maker(&self, said: &[&Piece<'k>], on: &[(String, String)]) -> Option<Shown> {
        let maker = one_maker(said.iter().copied())?;
        let is_of = |piece: &&Piece<'_>| piece.attribute.id == VENDOR && &*piece.value == maker;
        let piece = self.speaking_for().filter(is_of).find(|piece| piece.evidence.rule.reads_only(on))?;
        Some(piece.evidence.as_shown())
    }

    fn speaking_for(&self) -> impl Iterator<Item = &Piece<'k>> {
        self.pieces.iter().filter(|piece| piece.evidence.weight_db > 0.0)
    }

    /// Whether any evidence is of that family.
    pub fn has_family(&self, family: Family) -> bool {
        self.pieces.iter().any(|piece| piece.evidence.family == family)
    }

    /// Whether there is no evidence at all.
    pub fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }
}

/// Whether each rule that read a value in what the device itself shows read another one since, and this one no more. Medical
/// messages are left out: whoever passes on those of several devices seems to change with each.
fn is_outdated<'e, 'k: 'e>(pieces: &[&Evidence<'k>], all: impl Iterator<Item = &'e Evidence<'k>> + Clone) -> bool {
    let is_read_anew = |piece: &&Evidence<'k>| {
        let is_shown = !matches!(piece.family, Family::MedicalSelf | Family::Reported);
        let mut later = all.clone().filter(|other| std::ptr::eq(other.rule, piece.rule) && other.first > piece.last);
        is_shown && later.any(|other| other.weight_db > 0.0)
    };
    !pieces.is_empty() && pieces.iter().all(is_read_anew)
}

/// The maker that all these name that name one.
fn one_maker<'p>(said: impl Iterator<Item = &'p Piece<'p>>) -> Option<&'p str> {
    let mut makers = said.filter(|piece| piece.attribute.id == VENDOR).map(|piece| &*piece.value);
    makers.next().filter(|maker| makers.all(|other| other == *maker))
}

impl Evidence<'_> {
    fn as_shown(&self) -> Shown {
        let Self { field, field_value, frame, count, .. } = self;
        Shown { field: Arc::clone(field), field_value: Arc::clone(field_value), frame: *frame, count: *count }
    }

    fn merge(&mut self, other: Self) {
        self.count = self.count.saturating_add(other.count);
        self.last = self.last.max(other.last);
        if other.first < self.first {
            self.first = other.first;
            self.frame = other.frame;
            self.field_value = other.field_value;
            self.also = other.also;
        }
    }
}

/// A value's score and how it came about.
#[derive(Clone, Debug)]
pub struct Scored<'a, 'k> {
    /// The value.
    pub value: &'a str,
    /// Prior and families together, in decibans.
    pub score_db: f32,
    /// Probability: after the softmax over rivals, or of the value by itself for an attribute that is a list.
    pub confidence: f64,
    /// What each family added, in decibans, after damping and cap.
    pub families: BTreeMap<Family, f32>,
    /// What was added up.
    pub evidence: Vec<&'a Evidence<'k>>,
    /// The more general values that hold whenever this one does, the next one first.
    pub ancestors: Vec<&'a str>,
}

impl Scored<'_, '_> {
    /// Whether both can hold: one is the other, or a kind of it.
    pub fn agrees_with(&self, other: &Self) -> bool {
        self.value == other.value || self.ancestors.contains(&other.value) || other.ancestors.contains(&self.value)
    }
}

/// How the values of an attribute hang together.
#[derive(Clone, Copy)]
pub struct Kin<'f, 'a> {
    /// The more general values, the next one first.
    pub ancestors: &'f dyn Fn(&'a str) -> Vec<&'a str>,
    /// Whether what is of the first value may be built on something of the second: then the second does not contradict it.
    pub is_built_on: &'f dyn Fn(&str, &str) -> bool,
}

/// Scores the values of an attribute: the one to state first, then the others by score; ties in order of value.
///
/// Values may be kinds of others (`Kin` gives the more general ones). What speaks for a kind speaks for the more general one,
/// what speaks against that speaks against the kind, and the two are no rivals. So two weak claims of rival kinds still say
/// what both have in common. What speaks for the more general one speaks for each kind that something of its own speaks for,
/// but no more than agreement may: it does not tell one kind from the next. Stated is the most special value that is probable,
/// or else tentative. Of values for which `relayed` holds, what medical messages say of their speaker counts no more than what
/// is easily forged: the messages may be those of others.
pub fn score<'a, 'k>(
    attribute: &Attribute,
    values: &Values<'a, 'k>,
    weights: &Weights,
    relayed: &dyn Fn(&str) -> bool,
    &Kin { ancestors, is_built_on }: &Kin<'_, 'a>,
) -> Vec<Scored<'a, 'k>> {
    let kin: BTreeMap<&str, Vec<&str>> = values.keys().map(|value| (*value, ancestors(value))).collect();
    let general =
        kin.values().flatten().filter(|value| !kin.contains_key(*value)).map(|value| (*value, ancestors(value)));
    let all: BTreeMap<&str, Vec<&str>> = kin.iter().map(|(value, kin)| (*value, kin.clone())).chain(general).collect();
    let own = |value: &str, kin: &[&str]| -> Vec<&'a Evidence<'k>> {
        let against = kin.iter().filter_map(|value| values.get(value)).flatten().filter(|piece| piece.weight_db < 0.0);
        values.get(value).into_iter().flatten().chain(against).copied().collect()
    };
    let of_general = |value: &str, kin: &[&str]| -> Vec<&'a Evidence<'k>> {
        let is_for = |piece: &&&Evidence<'k>| piece.weight_db > 0.0;
        let has_own = values.get(value).is_some_and(|pieces| pieces.iter().any(|piece| piece.weight_db > 0.0));
        let general = kin.iter().filter_map(|value| values.get(value)).flatten();
        general.filter(is_for).filter(|_| has_own).copied().collect()
    };
    let rivals: Vec<(&str, f64)> = match attribute.kind {
        AttributeKind::Exclusive => kin
            .iter()
            .map(|(value, kin)| {
                let pieces = (&own(value, kin)[..], &of_general(value, kin)[..]);
                (*value, odds(added_up(pieces, attribute.prior_db, weights, relayed(value)).0))
            })
            .collect(),
        AttributeKind::List => Vec::new(),
    };
    let mut scored: Vec<Scored<'a, 'k>> = all
        .iter()
        .map(|(value, ancestors)| {
            let special = kin.iter().filter(|(_, kin)| kin.contains(value)).filter_map(|(value, _)| values.get(value));
            let mut evidence = own(value, ancestors);
            evidence.extend(special.flatten().filter(|piece| piece.weight_db > 0.0));
            let general = of_general(value, ancestors);
            let (score_db, families) = added_up((&evidence, &general), attribute.prior_db, weights, relayed(value));
            evidence.extend(general);
            let is_kin =
                |other: &str| ancestors.contains(&other) || kin.get(other).is_some_and(|kin| kin.contains(value));
            let is_rival = |other: &str| other != *value && !is_kin(other) && !is_built_on(value, other);
            let rivals: f64 = rivals.iter().filter(|(other, _)| is_rival(other)).map(|(_, odds)| odds).sum();
            // The explicit `unknown` stands at 0 dB: odds of one.
            let confidence = odds(score_db) / (1.0 + odds(score_db) + rivals);
            Scored { value, score_db, confidence, families, evidence, ancestors: ancestors.clone() }
        })
        .collect();
    let tier = |scored: &Scored<'_, '_>| match scored.confidence {
        confidence if confidence >= f64::from(weights.probable) => {
            (0, usize::MAX.saturating_sub(scored.ancestors.len()))
        }
        confidence if confidence >= f64::from(weights.tentative) => {
            (1, usize::MAX.saturating_sub(scored.ancestors.len()))
        }
        _ => (2, 0),
    };
    scored.sort_by(|a, b| {
        tier(a).cmp(&tier(b)).then(b.score_db.total_cmp(&a.score_db)).then_with(|| a.value.cmp(b.value))
    });
    scored
}

fn odds(decibans: f32) -> f64 {
    10_f64.powf(f64::from(decibans) / 10.0)
}

/// Prior and evidence together, and what each family added. Of the pieces the first are of the value itself, the others of more
/// general ones: these add no more than agreement may.
fn added_up(
    (own, general): (&[&Evidence<'_>], &[&Evidence<'_>]),
    prior_db: f32,
    weights: &Weights,
    relayed: bool,
) -> (f32, BTreeMap<Family, f32>) {
    let mut families = by_family(own, weights, relayed);
    if !general.is_empty() {
        let with_general = by_family(&[own, general].concat(), weights, relayed);
        let alone = |family: &Family| families.get(family).copied().unwrap_or_default();
        let more: BTreeMap<Family, f32> =
            with_general.iter().map(|(family, sum)| (*family, (sum - alone(family)).max(0.0))).collect();
        let sum: f32 = more.values().sum();
        let share = if sum > 0.0 { (weights.cap(Family::Agreement) / sum).min(1.0) } else { 0.0 };
        for (family, more) in more {
            *families.entry(family).or_default() += more * share;
        }
    }
    (prior_db + families.values().sum::<f32>(), families)
}

/// What each family says.
fn by_family(pieces: &[&Evidence<'_>], weights: &Weights, relayed: bool) -> BTreeMap<Family, f32> {
    let mut families: BTreeMap<Family, f32> = BTreeMap::new();
    for piece in pieces {
        let family = piece.family;
        if families.contains_key(&family) {
            continue;
        }
        let of_family = || pieces.iter().filter(|piece| piece.family == family).map(|piece| piece.weight_db);
        let for_it = damped(of_family().filter(|weight| *weight > 0.0), weights.damping);
        let against = damped(of_family().filter(|weight| *weight < 0.0).map(f32::abs), weights.damping);
        let is_relayed = relayed && family == Family::MedicalSelf;
        let cap = weights.cap(if is_relayed { Family::L2 } else { family });
        families.insert(family, (for_it - against).clamp(-cap, cap));
    }
    families
}

/// The strongest in full, the rest damped.
fn damped(weights: impl Iterator<Item = f32>, damping: f32) -> f32 {
    let (strongest, sum) =
        weights.fold((0.0_f32, 0.0), |(strongest, sum), weight| (strongest.max(weight), sum + weight));
    strongest + damping * (sum - strongest)
}
