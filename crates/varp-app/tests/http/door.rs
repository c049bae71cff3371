//! Asks the router as a client would, without a network.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::Value;
use tower::ServiceExt;
use varp_app::http::{AccessLog, AppState, router};
use varp_model::References;
use varp_store::Store;

/// A door to a store.
pub struct Door(Router);

/// What came out of it.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Door {
    pub fn to(store: Arc<dyn Store>) -> Self {
        let state = AppState::new(store, Arc::new(References::embedded()), None);
        Self(router(state, AccessLog(false)))
    }

    pub fn send(&self, request: Request<Body>) -> Answer {
        tokio::runtime::Runtime::new().unwrap().block_on(self.send_async(request))
    }

    pub async fn send_async(&self, request: Request<Body>) -> Answer {
        let response = self.0.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Answer { status: parts.status, headers: parts.headers, body }
    }

    pub fn ask(&self, method: &str, address: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request =
            Request::builder().method(method).uri(address).header("host", "varp.test:8080");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(Body::empty()).unwrap())
    }

    pub fn get(&self, address: &str) -> Answer {
        self.ask("GET", address, &[])
    }

    /// JSON that must be there.
    pub fn json(&self, address: &str) -> Value {
        let answer = self.get(address);
        assert_eq!(answer.status, StatusCode::OK, "{address}: {}", answer.text());
        answer.json()
    }
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// The links of a document by relation.
pub fn links<'a>(document: &'a Value, rel: &str) -> Vec<&'a Value> {
    document["links"].as_array().unwrap().iter().filter(|link| link["rel"] == rel).collect()
}

/// Path and query of an absolute address.
pub fn local(address: &Value) -> &str {
    address.as_str().unwrap().strip_prefix("http://varp.test:8080").unwrap()
}
