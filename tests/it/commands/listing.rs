//! The list in every form.

use super::*;

#[tokio::test(flavor = "multi_thread")]
async fn a_list_has_the_same_instances_in_every_form() {
    let desk = Desk::new(&[]).await;

    let told = |form: &str| desk.run(&["ls", "-o", form, "web", "state:running"]);
    let columns = "id,name,state,tags,iam,via";
    let objects = |form: &str| desk.run(&["ls", "-o", form, "web", "state:running", "--columns", columns]);
    let (json, jsonl, csv, tsv, ids, table) =
        (objects("json"), objects("jsonl"), told("csv"), told("tsv"), told("ids"), told("table"));

    let expected: BTreeSet<&str> = ids.lines().into_iter().collect();
    assert!(expected.len() >= 4, "{ids:?}");
    let of_json: Vec<Value> = json.json()["instances"].as_array().unwrap().clone();
    let id = |object: &Value| object["id"].as_str().unwrap().to_owned();
    assert_eq!(of_json.iter().map(id).collect::<BTreeSet<_>>(), expected.iter().map(|id| (*id).to_owned()).collect());
    let of_jsonl: Vec<Value> = jsonl.lines().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(of_jsonl, of_json);
    let mut reader = csv::Reader::from_reader(csv.stdout.as_bytes());
    assert_eq!(
        reader.headers().unwrap().iter().collect::<Vec<_>>(),
        ["name", "id", "state", "private_ip", "public_ip", "ssm", "iam", "via"]
    );
    assert_eq!(reader.records().map(|record| record.unwrap()[1].to_owned()).collect::<BTreeSet<_>>().len(), expected.len());
    assert_eq!(tsv.lines().len(), expected.len() + 1);
    assert!(expected.iter().all(|id| table.stdout.contains(*id)), "{table:?}");
    for told in [json, jsonl, csv, tsv, ids, table] {
        assert_eq!((told.code, told.stderr.as_str()), (Some(0), ""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn json_has_the_documented_shape() {
    let desk = Desk::new(&[]).await;

    let listed = desk.run(&["ls", "-o", "json"]).json();
    let shown = desk.run(&["show", "web-1", "-o", "json"]).json();

    assert_eq!((&listed["schema"], &listed["warnings"]), (&Value::from(1), &Value::from(Vec::<Value>::new())));
    let web = listed["instances"].as_array().unwrap().iter().find(|one| one["name"] == "web-1").unwrap();
    assert_eq!(web["iam"]["status"], "ok");
    assert_eq!(web["ssm"]["status"], "online");
    let methods: Vec<&Value> = web["methods"].as_array().unwrap().iter().map(|method| &method["method"]).collect();
    assert_eq!(methods, ["ssm", "ssm-ssh", "eice", "eic", "ssh", "serial", "rdp"]);
    assert_eq!(&shown["instance"]["tags"], &web["tags"]);
    // Of the serial console only `show` asks.
    let of_list = |row: &Value| {
        let all = row["methods"].as_array().unwrap().iter();
        all.filter(|own| own["method"] != "serial").cloned().collect::<Vec<_>>()
    };
    assert_eq!(of_list(&shown["instance"]), of_list(web));
    let serial = [web, &shown["instance"]].map(|row| row["methods"][5]["verdict"].clone());
    assert_eq!(serial, ["unknown", "likely"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_what_the_columns_need_is_asked_for() {
    let desk = Desk::new(&[]).await;

    let told = desk.run(&["ls", "-o", "json", "--columns", BARE]);

    assert_eq!(told.code, Some(0));
    // The second one for the rows that EC2 does not have.
    let actions = ["ec2:DescribeInstances", "ssm:DescribeInstanceInformation"].map(str::to_owned);
    assert_eq!(desk.actions(), BTreeSet::from(actions));
    let keys: BTreeSet<String> = told.json()["instances"][0].as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys, BARE.split(',').map(str::to_owned).collect());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_and_an_order_fetch_what_they_look_at() {
    let desk = Desk::new(&[]).await;

    let online = desk.run(&["ls", "-o", "json", "--columns", "id", "ssm:online"]);
    let newest = desk.run(&["ls", "-o", "jsonl", "--columns", "launched", "--sort", "-launched"]);

    assert!(!online.json()["instances"].as_array().unwrap().is_empty());
    assert!(desk.actions().contains("ssm:DescribeInstanceProperties") && !desk.actions().contains("iam:GetInstanceProfile"));
    let dates: Vec<String> =
        newest.lines().iter().map(|line| serde_json::from_str::<Value>(line).unwrap()["launched"].to_string()).collect();
    assert!(dates.windows(2).all(|pair| pair[0] >= pair[1] || pair[1] == "null"), "{dates:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn several_regions_come_in_their_order() {
    let desk = Desk::new(&[]).await;

    let two = desk.run(&["ls", "--region", "us-east-1", "--region", "ap-northeast-2", "-o", "jsonl", "--columns", "region"]);
    let all = desk.run(&["ls", "--region", "all", "-o", "ids"]);

    let regions: Vec<Value> =
        two.lines().iter().map(|line| serde_json::from_str::<Value>(line).unwrap()["region"].clone()).collect();
    let first_of_seoul = regions.iter().position(|region| region == "ap-northeast-2").unwrap();
    assert!(first_of_seoul > 0 && regions[..first_of_seoul].iter().all(|region| region == "us-east-1"));
    assert!(all.lines().len() >= regions.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_name_changes_nothing_but_its_own_cell() {
    let desk = Desk::new(&[]).await;
    desk.rename("plain");
    let before = desk.run(&["ls", "-o", "csv", "--columns", "id,state,name"]);
    desk.rename(HOSTILE);

    for arguments in [
        ["ls", "-o", "table"],
        ["ls", "-o", "wide"],
        ["ls", "-o", "tsv"],
        ["ls", "-o", "json"],
        ["ls", "-o", "jsonl"],
        ["show", "i-0123456789abcdef0", "-q"],
        ["connect", "i-0123456789abcdef0", "--dry-run"],
    ] {
        let told = desk.run(&arguments);
        assert_eq!(told.code, Some(0), "{arguments:?} {told:?}");
        assert_inert(&told.stdout, "\n\t");
        assert_inert(&told.stderr, "\n");
    }
    let csv = desk.run(&["ls", "-o", "csv", "--columns", "id,state,name"]);
    assert_inert(&csv.stdout, "\r\n\t");
    let rows = |text: &str| -> BTreeMap<String, (String, String)> {
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let record = |record: csv::StringRecord| (record[0].to_owned(), (record[1].to_owned(), record[2].to_owned()));
        reader.records().map(|one| record(one.unwrap())).collect()
    };
    let (mut before, mut after) = (rows(&before.stdout), rows(&csv.stdout));
    let (_, name) = after.remove("i-0123456789abcdef0").unwrap();
    before.remove("i-0123456789abcdef0");
    assert_eq!(before, after);
    assert!(name.contains("\"a\",b'결제") && name.contains("\r\n\t"), "{name:?}");
    let json = desk.run(&["ls", "-o", "json", "--columns", "id,name"]).json();
    let names: Vec<&Value> = json["instances"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert!(names.contains(&&Value::from(HOSTILE)), "{names:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_name_is_cut_for_people_and_whole_for_programs() {
    let desk = Desk::new(&[]).await;
    let long = "n".repeat(10_000);
    desk.rename(&long);

    let table = desk.run(&["ls"]);
    let json = desk.run(&["ls", "-o", "json", "--columns", "name"]);

    assert!(table.stdout.contains("nnn…") && !table.stdout.contains(&long));
    assert!(json.stdout.contains(&long));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_goes_away_ends_the_list_quietly() {
    let desk = Desk::new(&[]).await;
    let mut child = desk.command(&["ls", "-o", "wide"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();

    drop(child.stdout.take());
    let told = Printed::of(child.wait_with_output().unwrap());

    assert_eq!((told.code, told.stderr.as_str()), (Some(0), ""));
}

const FILTERS: &str = "[filters]\nweb = \"name:web\"\nrunning-web = \"@web state:running\"\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_is_either_a_saved_one_or_letters_in_their_order() {
    let desk = Desk::new(&[]).await;
    let config = desk.home.path().join("filters.toml");
    std::fs::write(&config, FILTERS).unwrap();
    let names = |words: &[&str]| {
        let told = desk.run(&[&["--config", config.to_str().unwrap(), "ls", "-o", "tsv", "--columns", "name"], words].concat());
        assert_eq!(told.code, Some(0), "{words:?} {told:?}");
        told.stdout.lines().skip(1).map(str::to_owned).collect::<Vec<_>>()
    };

    let (web, api) = (names(&["name:web"]), names(&["name:api"]));
    let mut either = names(&["name:web|api"]);
    either.sort();
    let mut both = [web.clone(), api].concat();
    both.sort();
    assert!(!both.is_empty());
    assert_eq!(either, both);
    assert_eq!(names(&["@web"]), web);
    assert_eq!(names(&["@running-web"]), names(&["name:web", "state:running"]));
    assert_eq!(names(&["--filter", "@running-web"]), names(&["--filter", "name:web state:running"]));
    assert_eq!(names(&["instance_type:t3|m5"]), names(&["type:t3|m5"]));
    let best = names(&["~web1"]);
    assert_eq!(best.first().map(String::as_str), Some("web-1"), "{best:?}");
    assert!(names(&["~web1", "--sort", "name"]).is_sorted());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_that_means_nothing_is_an_error_with_the_nearest_word() {
    let desk = Desk::new(&[]).await;
    let config = desk.home.path().join("filters.toml");
    std::fs::write(&config, FILTERS).unwrap();
    for (filter, said) in [
        ("state:runing", "error[filter-value-near]: state is never \"runing\". Did you mean running?"),
        ("!ssm:onlin3", "error[filter-value-near]: ssm is never \"onlin3\". Did you mean online?"),
        ("iam:admin", "error[filter-value]: iam is never \"admin\"."),
        ("via:sms", "error[filter-value-near]: via is never \"sms\". Did you mean ssm?"),
        ("instnce_type:t3", "error[filter-field"),
        ("@wbe", "error[filter-saved-near]: There is no saved filter @wbe. Did you mean @web?"),
        ("|", "error[filter-bar]"),
    ] {
        let told = desk.run(&["--config", config.to_str().unwrap(), "ls", filter]);
        assert_eq!((told.code, told.stdout.as_str()), (Some(2), ""), "{filter}");
        assert!(told.stderr.contains(said) && told.stderr.contains("next:"), "{filter}: {}", told.stderr);
    }
    assert_eq!(desk.actions(), BTreeSet::new(), "nothing is asked of AWS");

    std::fs::write(&config, "[filters]\nb = \"@a\"\na = \"x @b\"\n").unwrap();
    let told = desk.run(&["--config", config.to_str().unwrap(), "ls", "@a"]);
    assert_eq!(told.code, Some(2));
    assert!(told.stderr.contains("line 2") && told.stderr.contains("The saved filter @b uses itself."), "{}", told.stderr);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_argument_is_one_word_of_the_filter() {
    let desk = Desk::new(&[]).await;

    let all = desk.run(&["ls", "-o", "json"]).json();
    let with_blank =
        all["instances"].as_array().unwrap().iter().filter_map(|one| one["name"].as_str()).find(|name| name.contains(' '));
    let name = with_blank.expect("a name with a blank in the demo's fleet");
    let told = desk.run(&["ls", "-o", "tsv", "--columns", "name", &format!("Name={name}")]);

    assert_eq!(told.stdout.lines().skip(1).collect::<Vec<_>>(), [name]);
}
