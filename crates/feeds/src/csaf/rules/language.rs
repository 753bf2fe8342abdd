//! Rules on languages: 6.1.12, 6.1.15 and 6.1.28.

use super::super::document::Csaf;
use super::Found;

/// Languages of two letters (ISO 639-1), as the IANA registry of language subtags has them; those of three and more are not
/// told apart.
const LANGUAGES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz \
    ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw ja \
    ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd ne \
    ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw \
    ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Regions of two letters (ISO 3166-1 and what the registry adds to it).
const REGIONS: &str = "AA AC AD AE AF AG AI AL AM AN AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT \
    BU BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CP CR CS CU CV CW CX CY CZ DD DE DG DJ DK DM DO DZ EA EC EE EG EH ER ES ET \
    EU EZ FI FJ FK FM FO FR FX GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU IC ID IE IL IM IN IO IQ \
    IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP \
    MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NT NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS \
    RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SU SV SX SY SZ TA TC TD TF TG TH TJ TK TL TM TN TO TP TR TT TV TW TZ \
    UA UG UM UN US UY UZ VA VC VE VG VI VN VU WF WS XK YD YE YT YU ZA ZM ZR ZW ZZ";

/// 6.1.12
pub(super) fn unknown(csaf: &Csaf, found: &mut Found) {
    for (member, tag) in [("lang", &csaf.document.lang), ("source_lang", &csaf.document.source_lang)] {
        if let Some(subtag) = tag.as_deref().and_then(unknown_subtag) {
            found.at(format!("/document/{member}"), format!("there is no language or region {subtag}"));
        }
    }
}

/// A language or region of a tag that does not exist.
fn unknown_subtag(tag: &str) -> Option<&str> {
    let is_listed =
        |list: &str, subtag: &str| list.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(subtag));
    let is_private = |region: &str| {
        let region = region.to_ascii_uppercase();
        region.starts_with('X') || ("QM".."R").contains(&&*region)
    };
    for (index, subtag) in tag.split('-').enumerate() {
        match subtag.len() {
            // What follows a single letter is an extension or somebody's own.
            1 => return None,
            2 if index == 0 && !is_listed(LANGUAGES, subtag) => return Some(subtag),
            2 if index > 0 && !is_listed(REGIONS, subtag) && !is_private(subtag) => return Some(subtag),
            _ => {}
        }
    }
    None
}

/// 6.1.15
pub(super) fn translator_without_source(csaf: &Csaf, found: &mut Found) {
    if csaf.document.publisher.category == "translator" && csaf.document.source_lang.is_none() {
        found.at("/document/source_lang", "is missing, the publisher is a translator");
    }
}

/// 6.1.28
pub(super) fn translated_into_itself(csaf: &Csaf, found: &mut Found) {
    let (Some(from), Some(into)) = (&csaf.document.source_lang, &csaf.document.lang) else { return };
    if from.eq_ignore_ascii_case(into) {
        found.at("/document/lang", format!("is {from}, as is source_lang"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_and_regions_exist() {
        for tag in ["en", "en-US", "de-CH", "zh-Hant-TW", "gsw-CH", "i-default", "x-any", "en-XY"] {
            assert_eq!(unknown_subtag(tag), None, "{tag}");
        }
        assert_eq!((unknown_subtag("EZ"), unknown_subtag("en-UK")), (Some("EZ"), Some("UK")));
    }
}
