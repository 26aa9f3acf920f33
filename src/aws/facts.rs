//! The facts about one instance that cost calls of their own.

use std::sync::Arc;

use super::Cloud;
use super::everything::Everything;
use crate::model::{EndpointId, Examination, Fact, Instance, Network};

/// The facts that cost a call of their own, all at once, as far as connecting needs them.
pub async fn ask_for_facts(cloud: &Cloud, instance: &mut Instance) {
    let region = instance.place.region.clone();
    let at = instance.clone();
    let ((), network) = tokio::join!(ask_for_own_facts(cloud, instance), cloud.doors_of(&region, &at));
    instance.network = network;
}

/// The same with what decides where packets of its VPC go.
pub async fn ask_for_all_facts(cloud: &Cloud, instance: &mut Instance) {
    let region = instance.place.region.clone();
    let at = instance.clone();
    let ((), network) = tokio::join!(ask_for_own_facts(cloud, instance), cloud.network_of(&region, &at));
    instance.network = network;
}

async fn ask_for_own_facts(cloud: &Cloud, instance: &mut Instance) {
    let region = instance.place.region.clone();
    let role = async {
        match &instance.instance_profile {
            Some(profile) => cloud.role_of(&region, profile).await,
            None => Fact::Pending,
        }
    };
    let (ssm, role, image, key_pair) = tokio::join!(
        cloud.ssm_of(&region, &instance.id),
        role,
        cloud.image_of(&region, instance),
        cloud.key_pair_of(&region, instance)
    );
    instance.key_pair = key_pair;
    instance.ssm = ssm;
    instance.role = role;
    instance.image_name = image;
}

/// Everything that AWS tells unasked of an instance, its VPC, its region and whoever asks, asked anew.
pub async fn ask_for_everything(cloud: &Cloud, instance: &mut Instance) {
    let mut all = Everything::anew(cloud, instance.clone());
    while all.next().await.is_some() {}
    *instance = all.into_parts().0;
}

/// What whoever asks may do with an instance that was examined, as IAM simulates it. `login`: who logs in to it.
///
/// Only on request: for most people it is denied, and what is denied is seen by those who watch an account.
pub async fn ask_for_permissions(cloud: &Cloud, instance: &mut Instance, login: &str) {
    let Some(examined) = instance.examination.clone() else { return };
    let Some(caller) = examined.caller.known() else { return };
    let region = instance.place.region.clone();
    let (principal, _) = cloud.principal_of(&region, caller).await;
    let permissions = cloud.permissions_of(&region, instance, &principal, login).await;
    instance.examination = Some(Arc::new(Examination { permissions, ..(*examined).clone() }));
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
