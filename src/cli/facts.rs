//! The facts about one instance that cost calls of their own.

use std::sync::Arc;

use crate::aws::Cloud;
use crate::model::{EndpointId, Fact, Instance, Network};

/// The facts that cost a call of their own, all at once.
pub async fn ask_for_facts(cloud: &Cloud, instance: &mut Instance) {
    let region = instance.place.region.clone();
    let role = async {
        match &instance.instance_profile {
            Some(profile) => cloud.role_of(&region, profile).await,
            None => Fact::Pending,
        }
    };
    let (ssm, role, image, network, key_pair) = tokio::join!(
        cloud.ssm_of(&region, &instance.id),
        role,
        cloud.image_of(&region, instance),
        cloud.network_of(&region, instance),
        cloud.key_pair_of(&region, instance)
    );
    instance.key_pair = key_pair;
    instance.ssm = ssm;
    instance.role = role;
    instance.image_name = image;
    instance.network = network;
}

/// What is known of its serial console; asked for only where somebody wants to know.
pub async fn ask_for_serial_console(cloud: &Cloud, instance: &mut Instance) {
    if !instance.id.is_hybrid() {
        instance.serial = cloud.serial_of(&instance.place.region, instance).await;
    }
}

/// The endpoint that is asked for, beside those of the instance's VPC; it may be of another.
pub async fn ask_for_endpoint(cloud: &Cloud, instance: &mut Instance, id: &EndpointId) {
    let known = instance.network.known().cloned().unwrap_or_default();
    let mut all = known.endpoints.known().cloned().unwrap_or_default();
    if all.iter().any(|endpoint| endpoint.id == *id) {
        return;
    }
    if let Ok(Some(endpoint)) = cloud.endpoint(&instance.place.region, id).await {
        all.push(endpoint);
        instance.network = Fact::Known(Arc::new(Network { endpoints: Fact::Known(all), ..(*known).clone() }));
    }
}
