//! Evidence as bytes and back: rules and attributes by their id.

use std::sync::Arc;

use hashbrown::HashMap;

use super::{EVIDENCE_MAX, Evidence, Ledger, Piece};
use crate::knowledge::{Attribute, Knowledge, Rule};
use crate::state::{Damage, Reader, Writer, room};
use crate::stations::{ENTITIES_MAX, EntityId};

/// Writes the ledgers, by entity.
pub(crate) fn save<'a>(ledgers: &'a [Ledger<'_>], out: &mut Writer<'a>) {
    let holds = |(_, ledger): &(u32, &Ledger<'_>)| !ledger.pieces.is_empty() || ledger.turned_away > 0;
    let held: Vec<(u32, &Ledger<'_>)> = (0..).zip(ledgers).filter(holds).collect();
    out.count(held.len());
    for (entity, ledger) in held {
        out.entity(EntityId::numbered(entity));
        out.count(ledger.pieces.len());
        for piece in &ledger.pieces {
            piece.save(out);
        }
        out.number(ledger.turned_away);
    }
}

impl Piece<'_> {
    fn save<'a>(&'a self, out: &mut Writer<'a>) {
        // Its family is the rule's: who reports what is told when all is concluded.
        let Evidence { rule, family: _, weight_db, field, field_value, also, frame, first, last, count } =
            &self.evidence;
        let weight = weight_db.to_bits();
        let key = (std::ptr::from_ref(*rule) as usize, std::ptr::from_ref(self.attribute) as usize, weight);
        let next = out.claims.len() as u64;
        let number = *out.claims.entry(key).or_insert(next);
        out.number(number);
        if number == next {
            out.text(&rule.id);
            out.text(&self.attribute.id);
            out.raw(&weight.to_le_bytes());
        }
        out.text(&self.value);
        out.text(field);
        out.text(field_value);
        out.count(also.len());
        for (field, text) in also.iter() {
            out.text(field);
            out.text(text);
        }
        out.frame(*frame);
        out.time(*first);
        out.time(*last);
        out.number(*count);
    }
}

/// What claims refer to.
pub(crate) struct Claims<'k> {
    knowledge: &'k Knowledge,
    rules: HashMap<&'k str, &'k Rule>,
    /// In the order of their numbers; nothing where the knowledge has no such rule or attribute any more.
    claims: Vec<Claim<'k>>,
    /// Evidence that is left away: its rule says no such thing any more.
    pub(crate) forgotten: u64,
}

#[derive(Clone, Copy)]
struct Claim<'k> {
    by: Option<(&'k Rule, &'k Attribute)>,
    weight_db: f32,
}

impl<'k> Claims<'k> {
    pub(crate) fn new(knowledge: &'k Knowledge) -> Self {
        let rules = knowledge.rules().iter().map(|rule| (&*rule.id, rule)).collect();
        Self { knowledge, rules, claims: Vec::new(), forgotten: 0 }
    }

    /// Reads the ledgers, by entity.
    pub(crate) fn ledgers(&mut self, reader: &mut Reader<'_>) -> Result<Vec<Ledger<'k>>, Damage> {
        let mut ledgers: Vec<Ledger<'k>> = Vec::new();
        for _ in 0..reader.count(ENTITIES_MAX)? {
            let entity = reader.entity()?.index();
            if entity < ledgers.len() {
                return Err(Damage::Order);
            }
            ledgers.resize_with(entity, Ledger::default);
            let count = reader.count(EVIDENCE_MAX)?;
            let mut pieces = room(count, reader, 10);
            for _ in 0..count {
                match self.piece(reader)? {
                    Some(piece) => pieces.push(piece),
                    None => self.forgotten = self.forgotten.saturating_add(1),
                }
            }
            ledgers.push(Ledger { pieces, turned_away: reader.number()? });
        }
        Ok(ledgers)
    }

    fn piece(&mut self, reader: &mut Reader<'_>) -> Result<Option<Piece<'k>>, Damage> {
        let Claim { by, weight_db } = self.claim(reader)?;
        let (value, field, field_value) = (reader.text()?, reader.text()?, reader.text()?);
        let count = reader.count(usize::MAX)?;
        let mut also: Vec<(Arc<str>, Arc<str>)> = room(count, reader, 2);
        for _ in 0..count {
            also.push((reader.text()?, reader.text()?));
        }
        let (frame, first, last, count) = (reader.frame()?, reader.time()?, reader.time()?, reader.number()?);
        let Some((rule, attribute)) = by else { return Ok(None) };
        let Some(weight_db) = self.knowledge.weight(rule, attribute, &value, weight_db) else { return Ok(None) };
        let also = if also.is_empty() { Arc::default() } else { also.into() };
        let family = rule.family;
        let evidence = Evidence { rule, family, weight_db, field, field_value, also, frame, first, last, count };
        Ok(Some(Piece { attribute, value, evidence }))
    }

    fn claim(&mut self, reader: &mut Reader<'_>) -> Result<Claim<'k>, Damage> {
        let number: usize = reader.small()?;
        if let Some(claim) = self.claims.get(number) {
            return Ok(*claim);
        }
        if number != self.claims.len() {
            return Err(Damage::Reference);
        }
        let (rule, attribute) = (reader.text()?, reader.text()?);
        let weight_db = f32::from_bits(u32::from_le_bytes(reader.array()?));
        let rule = self.rules.get(&*rule).copied();
        let claim = Claim { by: rule.zip(self.knowledge.attributes().get(&attribute)), weight_db };
        self.claims.push(claim);
        Ok(claim)
    }
}
