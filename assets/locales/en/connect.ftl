## connect: what connecting will do, why it is not done, and what ssh's errors mean

# A plan as --dry-run prints it. The heads stand in nine columns.
plan-head-target = target
plan-head-method = method
plan-head-login = login
plan-account = account { $account }
plan-best-of = best of { $methods }
plan-as-asked = as asked
plan-login = { $user } ({ $source }) at { $address } port { $port } ({ $kind })
plan-push-key = ec2-instance-connect:SendSSHPublicKey for { $user }: a new ed25519 key, valid for 60 s

# Why no connection is made
refused = cannot connect to { $target }
refused-by = cannot connect to { $target } by { $method }
refused-not-in-this-version = { $feature }: not in this version
refused-instead = ec2dash connect { $id } --method { $method }   (ready)
refused-show = ec2dash show { $id }   (every way in, with its reasons)
