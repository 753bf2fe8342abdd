//! Names of weaknesses (MITRE, Common Weakness Enumeration), for rule 6.1.11.

/// Numbers and names, one weakness a line: those that advisories on devices name, not all there are.
const NAMES: &str = include_str!("weaknesses.tsv");
/// Numbers beyond have never been given: the list has some 1,430.
const NUMBER_MAX: u32 = 1_999;

/// Whether a weakness exists and has this name. One that is not in the list is believed, and so is a name that may be from another
/// edition: most of its words are those of today's, and it is no other weakness's.
pub(super) fn check(id: &str, name: &str) -> Result<(), String> {
    let number = id.strip_prefix("CWE-").and_then(|number| number.parse::<u32>().ok());
    if number.is_none_or(|number| number > NUMBER_MAX) {
        return Err(format!("there is no {id}"));
    }
    let rows = || NAMES.lines().filter_map(|line| line.split_once('\t'));
    let Some((_, current)) = rows().find(|(known, _)| *known == id) else { return Ok(()) };
    let is_own = rows().any(|(known, called)| known == id && called == name);
    let is_of_another = rows().any(|(_, called)| called == name);
    if is_own || (!is_of_another && is_alike(name, current)) {
        Ok(())
    } else {
        Err(format!("{id} is called «{current}»"))
    }
}

/// Whether at least half the words of a name stand in another.
fn is_alike(name: &str, other: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        let text = text.to_lowercase();
        let words = text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| word.len() > 2);
        words.map(str::to_owned).collect()
    };
    let (words, others) = (words(name), words(other));
    let shared = words.iter().filter(|word| others.contains(word)).count();
    !words.is_empty() && shared.saturating_mul(2) >= words.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_those_of_the_list() {
        assert!(check("CWE-79", "Improper Input Validation").unwrap_err().contains("Cross-site Scripting"));
        assert_eq!(check("CWE-20", "Improper Input Validation"), Ok(()));
        assert!(check("CWE-123456", "Improper Input Validation").is_err());
        assert_eq!(check("CWE-1", "Location"), Ok(()), "not in the list");
        assert_eq!(
            check("CWE-732", "Insecure Permission Assignment for Critical Resource"),
            Ok(()),
            "its name in 2009"
        );
        assert!(check("CWE-79", "Weakness").is_err());
    }

    #[test]
    fn the_list_is_well_formed() {
        let rows: Vec<(&str, &str)> = NAMES.lines().map(|line| line.split_once('\t').expect(line)).collect();
        let distinct: BTreeSet<_> = rows.iter().collect();
        assert_eq!(distinct.len(), rows.len());
        let number = |id: &str| id.strip_prefix("CWE-").and_then(|number| number.parse::<u32>().ok()).expect("CWE-");
        assert!(rows.is_sorted_by_key(|(id, _)| number(id)) && rows.len() > 150);
        assert!(rows.iter().all(|(_, name)| name.trim() == *name && !name.is_empty()));
    }
}
