//! Which tests a message reports (LIS2-A2 §9.3 universal test ID, R-3): words of a list, and of a result nothing else.

/// Abbreviations of laboratory tests that makers share, as they stand in R-3. What is not among them is not told, so that
/// no word from outside is.
static TESTS: &[&str] = &[
    // Blood count.
    "WBC", "RBC", "HGB", "HCT", "MCV", "MCH", "MCHC", "PLT", "RDW", "RDW-CV", "RDW-SD", "MPV", "PDW", "LYM#", "LYM%",
    "LYMPH#", "LYMPH%", "NEU#", "NEU%", "NEUT#", "NEUT%", "MON#", "MON%", "MONO#", "MONO%", "EOS#", "EOS%", "EO#",
    "EO%", "BAS#", "BAS%", "BASO#", "BASO%", "GRA#", "GRA%", "GRAN#", "GRAN%", "MID#", "MID%", "MXD#", "MXD%", "RET#",
    "RET%", "NRBC#", "NRBC%", "P-LCR", "ESR", // Blood gases and electrolytes.
    "PH", "PCO2", "PO2", "SO2", "SAO2", "HCO3", "HCO3-", "TCO2", "BE", "BEECF", "THB", "CTHB", "O2HB", "FO2HB", "COHB",
    "FCOHB", "METHB", "FMETHB", "HHB", "FHHB", "LAC", "LACT", "NA", "NA+", "K", "K+", "CL", "CL-", "CA++", "CA2+",
    "ICA", // Clinical chemistry.
    "GLU", "GLUC", "BUN", "UREA", "CREA", "CRE", "CREAT", "UA", "TP", "ALB", "TBIL", "T-BIL", "DBIL", "D-BIL", "ALT",
    "GPT", "AST", "GOT", "ALP", "GGT", "LDH", "CK", "CK-MB", "CKMB", "AMY", "LIP", "CHOL", "TCHO", "TC", "TRIG", "TG",
    "HDL", "HDL-C", "LDL", "LDL-C", "CA", "MG", "PHOS", "IRON", "CRP", "HBA1C", // Coagulation.
    "PT", "INR", "PT-INR", "APTT", "PTT", "FIB", "TT", "D-DIMER", "DDIMER", "DD", "AT", "ATIII",
    // Immunoassay.
    "TSH", "FT3", "FT4", "T3", "T4", "PSA", "FPSA", "AFP", "CEA", "CA125", "CA153", "CA15-3", "CA199", "CA19-9", "HCG",
    "BHCG", "LH", "FSH", "PRL", "E2", "PROG", "CORT", "FERR", "VITD", "VB12", "TNI", "TNT", "CTNI", "HSTNI",
    "NTPROBNP", "BNP", "PCT", "MYO", "HBSAG", "HCV", "HIV", "AHCV", "AHIV", // Urine strip and sediment.
    "LEU", "NIT", "URO", "PRO", "BLD", "ERY", "KET", "BIL", "SG", "COL", "CLA",
];

/// The tests of one message, each once.
#[derive(Debug, Default)]
pub(super) struct Tests(Vec<&'static str>);

impl Tests {
    /// Notes the test of a result record, if it is one of the list. The third field holds several parts, of which one is
    /// the maker's code; anything that is neither letter, digit nor a sign of such codes separates them.
    pub(super) fn note(&mut self, record: &[u8]) {
        let [b'R', field, rest @ ..] = record else { return };
        let Some(test) = rest.split(|byte| byte == field).nth(1) else { return };
        let is_code = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'#' | b'%' | b'-' | b'+');
        let known = |part: &[u8]| TESTS.iter().find(|test| test.as_bytes().eq_ignore_ascii_case(part)).copied();
        let found = test.split(|byte| !is_code(byte)).find_map(known);
        if let Some(test) = found.filter(|test| !self.0.contains(test)) {
            self.0.push(test);
        }
    }

    /// Hands over what was noted, and begins anew.
    pub(super) fn take(&mut self) -> Vec<&'static str> {
        std::mem::take(&mut self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_is_a_word_of_the_list() {
        let mut tests = Tests::default();
        for record in [
            "R|1|^^^^WBC^1|7.1",
            "R|2|^^^LYM#^731-0^1|",
            "R|3|@@@glu@x|",
            "R|4|^^^WBC|",
            "R|5|CANARY^ANNA|WBC",
            "R|6",
            "P|1|^^^RBC|",
        ] {
            tests.note(record.as_bytes());
        }
        assert_eq!(tests.take(), ["WBC", "LYM#", "GLU"]);
        assert!(tests.take().is_empty());
    }
}
