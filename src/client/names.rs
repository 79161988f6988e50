//! Which machine a host name means.

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Resolves `localhost` and everything below it by itself, the rest as the system does.
#[derive(Debug)]
pub(crate) struct LocalNames {
    /// The machine that local names stand for; this one if `None`.
    pub(crate) localhost: Option<String>,
}

impl Resolve for LocalNames {
    fn resolve(&self, name: Name) -> Resolving {
        let name = name.as_str();
        let local = name == "localhost" || name.ends_with(".localhost");
        let wanted = match &self.localhost {
            Some(machine) if local => machine.clone(),
            None if local => Ipv4Addr::LOCALHOST.to_string(),
            _ => name.to_owned(),
        };
        Box::pin(async move {
            let found: Addrs = match wanted.parse::<IpAddr>() {
                Ok(address) => Box::new(std::iter::once(SocketAddr::new(address, 0))),
                Err(_) => Box::new(tokio::net::lookup_host((wanted, 0)).await?),
            };
            Ok(found)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_below_localhost_are_this_machine() {
        let names = LocalNames { localhost: None };
        for name in ["localhost", "fork-1.localhost"] {
            let found: Vec<_> = names.resolve(name.parse().unwrap()).await.unwrap().collect();
            assert_eq!(found, [SocketAddr::from(([127, 0, 0, 1], 0))]);
        }
        let names = LocalNames { localhost: Some("10.0.0.7".to_owned()) };
        let found: Vec<_> = names.resolve("fork-1.localhost".parse().unwrap()).await.unwrap().collect();
        assert_eq!(found, [SocketAddr::from(([10, 0, 0, 7], 0))]);
    }
}
