//! Profile pictures: as a field, as a node's edge, and as a file. Source: spec/upstreams.md §2.

use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::upstreams::accounts::Account;
use crate::upstreams::facebook::Facebook;
use crate::upstreams::facebook::app;
use crate::upstreams::facebook::app::GraphAsked;
use crate::upstreams::facebook::app::GraphPath;
use crate::upstreams::facebook::error::GraphError;
use crate::upstreams::facebook::fields::Field;
use crate::upstreams::facebook::session;
use crate::upstreams::handle::Base;
use crate::upstreams::pages;
use crate::upstreams::pictures;

/// In pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Size {
    width: u32,
    height: u32,
}

const LARGEST: u32 = 1024;

impl Size {
    /// By what was asked for: `type`, or `width` and `height`, of which one is enough.
    fn of<'a>(asked: impl Fn(&'static str) -> Option<&'a str>) -> Self {
        let number = |name| asked(name).and_then(|text| text.trim().parse::<u32>().ok());
        let (width, height) = match (number("width"), number("height"), asked("type")) {
            (None, None, Some("normal")) => (100, 100),
            (None, None, Some("large")) => (200, 200),
            (None, None, _) => (50, 50),
            (Some(both), None, _) | (None, Some(both), _) => (both, both),
            (Some(width), Some(height), _) => (width, height),
        };
        Self { width: width.clamp(1, LARGEST), height: height.clamp(1, LARGEST) }
    }
}

/// The field `picture`: `{"data": {"url", "width", "height", "is_silhouette"}}`. The account may have the object or
/// its URL of its own.
pub(super) fn object(base: &Base, account: &Account, own: Option<&Value>, field: &Field) -> Value {
    match own {
        Some(object @ Value::Object(_)) => object.clone(),
        own => json!({ "data": data(base, account, own, Size::of(|name| field.modifier(name))) }),
    }
}

fn data(base: &Base, account: &Account, own: Option<&Value>, size: Size) -> Value {
    let Size { width, height } = size;
    let file = format!("/platform/profilepic/?asid={}&height={height}&width={width}", account.id);
    let file = base.url(&file).replacen("://www.facebook.com", "://platform-lookaside.fbsbx.com", 1);
    let url = own.and_then(Value::as_str).map_or(file, str::to_owned);
    json!({ "height": height, "is_silhouette": false, "url": url, "width": width })
}

/// `GET /{node}/picture`: sends to the file, or with `redirect=false` tells where it is. Needs no token but for `me`.
pub(super) async fn of_node(
    facebook: Facebook,
    path: GraphPath,
    GraphAsked(asked): GraphAsked,
) -> Result<Response, GraphError> {
    let account = match path.node.as_str() {
        "me" => session::of(&facebook, &asked)?.account,
        id => facebook.read().accounts.get(id).cloned().ok_or_else(|| GraphError::UnknownNode(id.to_owned()))?,
    };
    let size = Size::of(|name| asked.parameters.get(name));
    let own = account.attributes.get("picture");
    let own = own.and_then(|own| own.pointer("/data/url").or(Some(own)));
    let data = data(&facebook.base, &account, own, size);
    if matches!(asked.parameters.get("redirect"), Some("false" | "0")) {
        return Ok(app::answer(json!({ "data": data })));
    }
    Ok(pages::away(data.get("url").and_then(Value::as_str).unwrap_or_default()))
}

/// `GET /platform/profilepic/?asid=&height=&width=`: the file.
pub(super) async fn file(facebook: Facebook, GraphAsked(asked): GraphAsked) -> Result<Response, GraphError> {
    let id = asked.parameters.get("asid").unwrap_or_default();
    let account = facebook.read().accounts.get(id).cloned();
    let account = account.ok_or_else(|| GraphError::UnknownNode(id.to_owned()))?;
    Ok(pictures::picture(&account, Size::of(|name| asked.parameters.get(name)).height))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_is_a_type_or_numbers() {
        let check = |asked: &[(&str, &'static str)], width: u32, height: u32| {
            let find = |name: &'static str| asked.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
            assert_eq!(Size::of(find), Size { width, height }, "{asked:?}");
        };
        check(&[], 50, 50);
        check(&[("type", "large")], 200, 200);
        check(&[("width", "720"), ("height", "300")], 720, 300);
        check(&[("width", "99999999")], LARGEST, LARGEST);
        check(&[("height", "0"), ("type", "large")], 1, 1);
        check(&[("width", "x")], 50, 50);
    }
}
