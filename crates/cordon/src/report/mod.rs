//! placeholder
/// placeholder
pub fn render(data_json: &str) -> String {
    data_json.to_owned()
}
