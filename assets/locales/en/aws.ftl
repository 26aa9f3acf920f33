## aws

# What went wrong with AWS: `error-<code>` says what happened, `-why` why, `-next` what to do. Commands are not translated.
error-no-credentials = No AWS credentials found.
error-no-credentials-why = Looked at: environment, ~/.aws/config, ~/.aws/credentials, container, instance metadata.
error-no-credentials-next = Run "ec2dash login", { $demo ->
    [yes] choose a profile, or try "ec2dash --demo"
   *[no] or choose a profile
  }.

error-no-profile = There is no profile called { $profile }.
error-no-profile-why = It is neither in ~/.aws/config nor in ~/.aws/credentials.
error-no-profile-next = See the profiles there are: ec2dash profiles

error-sign-in-ended = { $named ->
    [no] { $how ->
        [missing] Not signed in for profile { $profile }.
        [damaged] The sign-in for profile { $profile } cannot be read.
        [ended] Sign-in for profile { $profile } ended { $ago }.
        [revoked] Sign-in for profile { $profile } is no longer taken.
        [console] The console sign-in of profile { $profile } is missing or has ended.
       *[over] Sign-in for profile { $profile } has ended.
    }
   *[yes] { $how ->
        [missing] Not signed in to SSO session "{ $session }".
        [damaged] The sign-in for SSO session "{ $session }" cannot be read.
        [ended] Sign-in for SSO session "{ $session }" ended { $ago }.
        [revoked] Sign-in for SSO session "{ $session }" is no longer taken.
       *[over] Sign-in for SSO session "{ $session }" has ended.
    }
  }
error-sign-in-ended-why = It was ended elsewhere, or sso_region = { $region } is wrong.
error-sign-in-ended-next = Sign in, then try again: { $command }

error-role-not-assigned = You have no access to role { $role } in account { $account }.
error-role-not-assigned-why = SSO session "{ $session }" holds, and AWS gives it no such role: it is not assigned to you, or misspelt.
error-role-not-assigned-next = Ask for the role, or choose another profile. Signed in as somebody else? ec2dash login

error-no-sso-session = Profile { $profile } has no SSO session to sign in to.
error-no-sso-session-next = Name a profile that has one (ec2dash profiles), or: ec2dash login --start-url URL --sso-region REGION

error-unknown-start-url = Start URL { $url } is not known in region { $region }.
error-unknown-start-url-next = { $named ->
    [no] Check both: --start-url and --sso-region.
   *[yes] Check sso_start_url and sso_region in [sso-session { $session }] of ~/.aws/config.
  }

error-start-url-astray = Start URL { $url } does not lead to a portal of AWS.
error-start-url-astray-why = It leads to { $to }.
error-start-url-astray-next = Ask who gave it to you for the address behind it, such as https://corp.awsapps.com/start.

error-session-name-taken = ~/.aws/config has another SSO session called "{ $session }".
error-session-name-taken-next = Give this one a name of its own: --session NAME

error-sign-in-timed-out = The code ran out after { $minutes } min.
error-sign-in-timed-out-next = Begin again: ec2dash login

error-sign-in-refused = Sign-in was refused in the browser.
error-sign-in-refused-next = Begin again if that was not meant: ec2dash login

error-sign-in-not-kept = The sign-in cannot be written down: { $path }: { $cause }
error-sign-in-not-kept-next = Mend that, then sign in again: ec2dash login

error-credentials-expired = { $named ->
    [no] The credentials have expired.
   *[yes] The credentials of profile { $profile } have expired.
  }
error-credentials-expired-next = Get new ones where these came from, then try again.

error-mfa-needed = Profile { $profile } needs the code of { $device }.
error-mfa-needed-why = None was given: it is typed where somebody sits at a terminal.
error-mfa-needed-next = { $kept ->
    [no] aws configure mfa-login --profile { $profile-word }
   *[yes] ec2dash whoami --profile { $profile-word }
}

error-mfa-code-refused = That code was wrong or already used.
error-mfa-code-refused-why = A code is taken once, in its 30 seconds.
error-mfa-code-refused-next = Wait for the next one, and try again.

error-mfa-device-unknown = The device in mfa_serial is not one of the user whose keys these are.
error-mfa-device-unknown-why = AWS could not check the code with it.
error-mfa-device-unknown-next = Correct mfa_serial of the profile in ~/.aws/config. aws iam list-mfa-devices shows the devices.

error-mfa-security-key = Profile { $profile } names the security key { $device }, and no call to AWS takes one.
error-mfa-security-key-why = A security key needs a sign-in with a browser.
error-mfa-security-key-next = Use a profile of IAM Identity Center, aws login, or a second, virtual device in mfa_serial.

error-mfa-code-of-nobody = Profile { $profile } wants the code of { $device }, and its credentials are not those of a user.
error-mfa-code-of-nobody-why = A code is taken only with the access keys of the device's own user, and for the first role of a chain.
error-mfa-code-of-nobody-next = Remove mfa_serial from the profile, or let its source_profile be the user's keys.

error-credential-program-not-allowed = Profile { $profile } gets its credentials from a program that was not allowed to run.
error-credential-program-not-allowed-why = It would run: { $programs }
error-credential-program-not-allowed-next = Allow it for one run with --allow-credential-process, or answer the question on a terminal.

error-credential-program-failed = The program that gives profile { $profile } its credentials failed.
error-credential-program-failed-why = It said: { $message }
error-credential-program-failed-next = Run the credential_process of that profile by hand to see more.

error-credentials-failed = AWS credentials could not be had.
error-credentials-failed-why = Where they come from said: { $message }
error-credentials-failed-next = Check what gives them: the profile's settings, or the role of this container or instance.

error-invalid-credentials = AWS does not accept the credentials ({ $aws-code }).
error-invalid-credentials-why = { $message }
error-invalid-credentials-next = Check the access key and its secret; a deleted or disabled key looks the same.

error-no-region = { $named ->
    [no] No region is set.
   *[yes] No region is set for profile { $profile }.
  }
error-no-region-next = Use --region, AWS_REGION, or region in ~/.aws/config.
no-region-also = Profiles that have one: { $profiles }

error-region-off = { $region } is not enabled for this account.
error-region-off-next = Choose another; these are enabled: ec2dash regions

error-no-such-region = There is no region called { $region } among those that AWS is known to have.
error-no-such-region-why = Nothing of AWS answers for it with these credentials.
error-no-such-region-next = See which there are: ec2dash regions
error-no-such-region-near = There is no region called { $region } among those that AWS is known to have. Did you mean { $nearest }?
error-no-such-region-near-why = Nothing of AWS answers for it with these credentials.
error-no-such-region-near-next = Use --region { $nearest }, or see which there are: ec2dash regions

error-region-or-keys = AWS does not accept the credentials in { $region } ({ $aws-code }).
error-region-or-keys-why = It says so of wrong keys, and of right ones where the region is not enabled for the account; STS could not be asked which.
error-region-or-keys-next = Check the access key and its secret, and the regions that are enabled: ec2dash regions

error-access-denied = { $action } is denied.
error-access-denied-why = { $message }
error-access-denied-next = Ask whoever gives you access to allow { $action }.

error-wrong-clock = { $side ->
    [behind] Your clock is { $amount } behind AWS, so requests are refused.
    [ahead] Your clock is { $amount } ahead of AWS, so requests are refused.
   *[unknown] Your clock differs from that of AWS, so requests are refused.
  }
error-wrong-clock-next = Set the clock (for example: timedatectl set-ntp true) and try again.

error-throttled = AWS asks to slow down.
error-throttled-why = { $action } was called too often, by you or by others in the account.
error-throttled-next = Try again in a minute.

error-timeout = { $action } was not answered within { $seconds } s.
error-timeout-next = Try again, or wait longer with --api-timeout.

error-unreachable = Cannot reach { $host }: { $cause }
error-unreachable-next = Check the network, the proxy (HTTPS_PROXY, NO_PROXY) and the endpoint, then try again.

cause-connection-refused = connection refused
cause-name-not-found = name not found
cause-network-unreachable = network unreachable
cause-no-route-to-host = no route to host
cause-connection-reset = connection reset
cause-it-refuses-to = it refuses to
cause-it-wants-a-user-name-and-a-password = it wants a user name and a password
cause-it-does-not-take-the-user-name-and-the-password = it does not take the user name and the password
cause-it-takes-no-user-name-and-password = it takes no user name and password
cause-the-login-and-the-name-of-the-host-are-too-long-together = the login and the name of the host are too long together
cause-the-network-there-cannot-be-reached = the network there cannot be reached
cause-the-host-cannot-be-reached-from-there = the host cannot be reached from there
cause-the-host-refuses-the-connection = the host refuses the connection
cause-it-failed-and-does-not-say-why = it failed and does not say why
cause-it-does-not-know-this-kind-of-address = it does not know this kind of address
cause-its-answer-is-not-one-of-a-SOCKS5-proxy = its answer is not one of a SOCKS5 proxy
cause-its-answer-is-not-one-of-an-HTTP-proxy = its answer is not one of an HTTP proxy
cause-it-closes-the-connection = it closes the connection
cause-no-connection-in-time = no connection in time

error-proxy = The proxy { $proxy } does not connect to { $host }: { $cause }
error-proxy-next = Check HTTPS_PROXY (or ALL_PROXY); a host that NO_PROXY names is reached without it.

error-unknown-issuer = The certificate of { $host } is signed by nobody whom this computer trusts.
error-unknown-issuer-why = { $by ->
    [proxy] The proxy { $proxy } on the way may open TLS and sign with a certificate of your company.
    [itself] It is that of the proxy itself.
   *[host] Something on the way may open TLS and sign with a certificate of its own.
  }
error-unknown-issuer-next = If your network does so, name the file with its root certificate (PEM) in AWS_CA_BUNDLE, or in ca_bundle of the profile.

error-certificate-expired = The certificate of { $host } has expired.
error-certificate-expired-why = It ended on { $edge }; this computer's clock says { $clock }.
error-certificate-expired-next = Set this computer's clock if it is wrong; if not, { $by ->
    [proxy] the proxy { $proxy } or { $host } needs a new certificate
   *[host] whoever runs { $host } has to renew its certificate
  }.

error-certificate-not-yet-valid = The certificate of { $host } is not valid yet.
error-certificate-not-yet-valid-why = It begins on { $edge }; this computer's clock says { $clock }.
error-certificate-not-yet-valid-next = Set this computer's clock if it is wrong; if not, { $by ->
    [proxy] the proxy { $proxy } or { $host } needs another certificate
   *[host] whoever runs { $host } has to change its certificate
  }.

error-certificate-wrong-name = The certificate that came for { $host } is for another host.
error-certificate-wrong-name-why = It is for { $names }.
error-certificate-wrong-name-next = { $by ->
    [proxy] Check what the proxy { $proxy } does with TLS, and the endpoint (AWS_ENDPOINT_URL, or endpoint_url of the profile).
    [itself] Name the proxy in HTTPS_PROXY (or ALL_PROXY) as its certificate does.
   *[host] Check the endpoint (AWS_ENDPOINT_URL, or endpoint_url of the profile); a network that wants you to sign in first answers so, too.
  }

error-certificate-refused = The certificate of { $host } is not taken: { $cause }
error-certificate-refused-next = Whoever runs { $host }, or a proxy on the way that opens TLS, has to mend it.

error-bad-variable = { $variable } cannot be used: { $cause }
error-bad-variable-next = Set { $variable } right, or unset it.

error-garbled-answer = The answer to { $action } is not one of AWS.
error-garbled-answer-why = { $cause }
error-garbled-answer-next = Something stands between this computer and AWS: a proxy, or a network that wants you to sign in first.

error-plain-endpoint = The endpoint http://{ $host } is refused.
error-plain-endpoint-why = Plain http shows requests and answers to everyone on the way; it is only for this computer itself.
error-plain-endpoint-next = Use https in AWS_ENDPOINT_URL, or in endpoint_url of the profile.

error-no-such-instance = The instance is not there.
error-no-such-instance-why = It may have been terminated, or be in another region or account.
error-no-such-instance-next = See what is there: ec2dash ls

error-target-not-connected = The SSM agent on the instance is not connected to Session Manager.
error-target-not-connected-why = { $message }
error-target-not-connected-next = Is the agent running, does its role allow ssmmessages, can it reach AWS? After a boot it can take two minutes.

error-tier-needed = Sessions on hybrid nodes need the advanced-instances tier of Systems Manager, which costs per node and hour.
error-tier-needed-why = { $message }
error-tier-needed-next = aws ssm update-service-setting --setting-id /ssm/managed-instance/activation-tier --setting-value advanced

error-no-capacity = AWS has no room for an instance of this type in its Availability Zone at the moment.
error-no-capacity-why = { $message }
error-no-capacity-next = Try again in some minutes. A stopped instance can also be given another type: aws ec2 modify-instance-attribute --instance-type

error-no-such-session = The session is no more.
error-no-such-session-why = It was terminated, by somebody else or by the service.
error-no-such-session-next = Connect again.

error-bad-profile = Profile { $profile } cannot be used as it stands in the AWS files.
error-bad-profile-why = { aws-file-flaw }
error-bad-profile-next = Mend it there; the other profiles can be used: ec2dash profiles

# What is wrong with a place in the AWS files; what stands there is not quoted, for it may be a secret.
aws-file-flaw = { aws-file-place }: { $fault ->
    [unreadable] { $cause }
    [no-section] settings stand above the first section and belong to none
    [no-end] the name of a section has no ] at its end
    [open-quote] a quote in the name of a section has no end
    [no-name] a section without a name
    [word-missing] [{ $name }] is no profile there; it must be [profile { $name }]
    [word-too-much] [profile { $name }] is no profile there; it must be [{ $name }]
    [not-quoted] a name with a space must be quoted: [profile "{ $name }"]
    [joined] the line is indented, so it belongs to { $key } above it, which has one line only
    [open-command] a quote in the command line of { $key } has no end
    [too-much-given] [DEFAULT] gives too many settings to too many sections
    [twice] [{ $name }] stands a second time; the later settings count, and the AWS CLI refuses the file
    [two-defaults] [default] and [profile default] both stand there; the later one counts, whole
    [seen-by-others] others may read it, and it holds a sign-in; close it: chmod 600
    [sign-in-not-kept] the sign-in of { $name } was renewed and cannot be kept there ({ $cause }); it holds for this run alone, and the next may have to sign in again
    [role-not-kept] the credentials of a role cannot be kept there ({ $cause }); they hold for this run alone, and the next asks for a code again
    [differs] { $key } is { $here } here and { $there } in [sso-session { $name }]; they must be the same
   *[no-setting] the line is neither a section nor a setting (key = value)
  }
aws-file-place = { $has-line ->
    [no] { $file }
   *[yes] { $file } line { $line }
  }

error-bad-aws-files = The AWS files cannot be used: { $cause }
error-bad-aws-files-next = Mend ~/.aws/config and ~/.aws/credentials (or what AWS_CONFIG_FILE and AWS_SHARED_CREDENTIALS_FILE name).

error-aws-error = { $action } failed ({ $aws-code }).
error-aws-error-why = { $message }
error-aws-error-next = Try again; if it stays, look at the state of the service: https://health.aws.amazon.com

error-account-blocked = AWS has blocked the account, or has not yet verified it.
error-account-blocked-why = { $message }
error-account-blocked-next = Ask AWS Support; only they lift it: https://console.aws.amazon.com/support

error-instance-in-transition = The instance is between two states, and { $action } is not done there.
error-instance-in-transition-why = { $message }
error-instance-in-transition-next = Wait until it is running or stopped, and try again.

error-instance-not-in-state = EC2 Instance Connect takes no key for an instance that does not run.
error-instance-not-in-state-why = { $message }
error-instance-not-in-state-next = Wait until it runs, or start it: ec2dash start

error-instance-unavailable = AWS does not reach the metadata of the instance at the moment, through which the key comes to it.
error-instance-unavailable-why = { $message }
error-instance-unavailable-next = Try again in a minute; if it stays, look at its status checks: aws ec2 describe-instance-status

error-resource-gone = Something that { $action } needs is there no more.
error-resource-gone-why = { $message }
error-resource-gone-next = Ask AWS again for what is there, and try again.

error-quota-reached = A quota of the account is reached ({ $aws-code }).
error-quota-reached-why = { $message }
error-quota-reached-next = Remove what is not needed any more, or have the quota raised: https://console.aws.amazon.com/servicequotas

error-target-unknown-to-ssm = Systems Manager does not know this instance, or knows it in a state in which it takes nothing.
error-target-unknown-to-ssm-why = { $message }
error-target-unknown-to-ssm-next = Check its id and the region, and whether its agent is registered: aws ssm describe-instance-information

error-no-such-document = Systems Manager has no such document here.
error-no-such-document-why = { $message }
error-no-such-document-next = Check its name and version in this region: aws ssm list-documents

error-key-push-refused = EC2 Instance Connect does not take the key, the user or the zone.
error-key-push-refused-why = { $message }
error-key-push-refused-next = Try another user; the key must be ed25519, or RSA of 2048 or 4096 bits.

error-command-not-taken = The SSM agent on the instance did not take the command.
error-command-not-taken-why = Run Command says: { $aws-code }
error-command-not-taken-next = Start the instance, or wait until its agent is online (ec2dash ls), and do it again.
