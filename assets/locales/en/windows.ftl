## rdp

rdp-open = The desktop is at { $address } as { $user }. Its password: ec2dash password { $id }{ AGAIN() } --print
rdp-client = starting { $program }; the tunnel ends with it
rdp-no-client = There is no remote desktop program here, or no screen for one. Take yours to that address; Ctrl-C ends the tunnel.
rdp-certificate-sha256 = The same certificate by SHA-256, as FreeRDP asks about it: { $shown }
rdp-certificate-right = The desktop shows the certificate that the console tells: SHA-1 { $shown }
rdp-certificate-untold = The console tells no certificate, so that nobody checked the one that the desktop shows: SHA-1 { $shown }
rdp-certificate-unread = The certificate of the desktop could not be read ({ $shown }). Compare what your program shows with what the console tells: SHA-1 { $told }
rdp-certificate-unknown = The certificate of the desktop could not be read ({ $shown }), and the console tells none.

error-rdp-not-windows = { $target } does not run Windows: it has no desktop that ec2dash knows of.
error-rdp-not-windows-next = Forward the port of another desktop: ec2dash tunnel { $id }{ AGAIN() } 3389
error-rdp-no-way = Nothing leads to the desktop of { $target }.
error-rdp-no-way-next = Try one of them anyway: ec2dash rdp { $id }{ AGAIN() } --method ssm
error-rdp-no-address = { $target } has no such address.
error-rdp-no-answer = No desktop answers on { $target }: { $shown }
error-rdp-no-answer-why = Windows may still be starting, Remote Desktop may be switched off there, or its security groups let nobody in on port 3389.
error-rdp-no-answer-next = See what is in the way: ec2dash doctor { $id }{ AGAIN() }
error-rdp-certificate-other = The desktop of { $target } shows another certificate than the one that its console tells. Nothing was started.
error-rdp-certificate-other-why = shown: SHA-1 { $shown }
    told: SHA-1 { $told }
error-rdp-certificate-other-next = If somebody gave Windows a certificate of your own, go there by yourself: ec2dash tunnel { $id }{ AGAIN() } 3389

## password

password-there = { $target } has a first password of { $user }, and { $path } opens it. It may have been changed since.
password-there-locked = { $target } has a first password of { $user }. { $path } opens it, with its passphrase. It may have been changed since.
password-there-doubtful = { $target } has a first password of { $user }. Whether { $path } opens it shows with its passphrase: EC2 has another key under that name now.
password-how = See it: ec2dash password { $id }{ AGAIN() } --print, or write it to a file: --file FILE
password-key-unopened = The password of { $target } cannot be opened.
ask-replace-file = { $path } is there already. Replace it? y/N
note-secret-written = wrote { $path }, which only you can read

error-password-read-only = Passwords are not asked for (read_only).
error-password-not-windows = { $target } does not run Windows: EC2 keeps no password of it.
error-password-no-pair = EC2 keeps no password of { $target }: it was launched without a key pair.
error-password-no-pair-next = Log in with the password of its image or domain, or set a new one by Session Manager:
    aws ssm start-automation-execution --document-name AWSSupport-RunEC2RescueForWindowsTool --parameters InstanceId={ $id },Command=ResetAccess
error-password-not-yet = { $target } was started { $minutes ->
    [0] less than a minute ago
    [1] a minute ago
   *[other] { $minutes } minutes ago
  } and has told no password yet.
error-password-not-yet-why = Windows makes one at its first launch, which takes 4 to 15 minutes.
error-password-not-yet-next = Wait a few minutes, and ask again.
error-password-not-made = Windows on { $target } has told EC2 no password.
error-password-not-made-why = An image of one's own makes none unless EC2Launch was told to; one that is in a domain has that of the domain.
error-password-not-made-next = Log in with the password of the image or the domain, or set a new one:
    aws ssm start-automation-execution --document-name AWSSupport-RunEC2RescueForWindowsTool --parameters InstanceId={ $id },Command=ResetAccess
error-password-not-rsa = EC2 keeps no password of { $target }: its key pair { $pair } is not RSA.
error-password-not-rsa-why = Windows encrypts its first password for RSA key pairs only.
error-password-no-key = Only the RSA key { $pair } opens the password of { $target }, and it is not on this computer.
error-password-no-key-why = Neither the keys in ~/.ssh nor those that ssh_config and key_dirs name are that one. An agent cannot open it.
error-password-no-key-next = Name its file: ec2dash password { $id }{ AGAIN() } --identity FILE
error-password-no-such-key = Only the RSA key { $pair } opens the password of { $target }, and { $path } is not it.
error-password-no-such-key-next = Name its file: ec2dash password { $id }{ AGAIN() } --identity FILE
error-password-other-key = { $path } does not open the password of { $target }: it was encrypted for another key.
error-password-other-key-next = Name its file: ec2dash password { $id }{ AGAIN() } --identity FILE
error-file-exists = { $path } is there already, and stays as it is.
error-file-exists-next = Name another file, or answer the question on a terminal.
error-file-unwritten = { $path } cannot be written: { $cause }
