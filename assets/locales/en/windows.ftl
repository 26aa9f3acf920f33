## password

password-there = { $target } has a first password of { $user }, and { $path } opens it. It may have been changed since.
password-there-locked = { $target } has a first password of { $user }. { $path } opens it, with its passphrase. It may have been changed since.
password-how = See it: ec2dash password { $id } --print, or write it to a file: --file FILE
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
error-password-no-key-next = Name its file: ec2dash password { $id } --identity FILE
error-password-no-such-key = Only the RSA key { $pair } opens the password of { $target }, and { $path } is not it.
error-password-no-such-key-next = Name its file: ec2dash password { $id } --identity FILE
error-password-other-key = { $path } does not open the password of { $target }: the key pair { $pair } is another one.
error-password-other-key-next = Name its file: ec2dash password { $id } --identity FILE
error-file-exists = { $path } is there already, and stays as it is.
error-file-exists-next = Name another file, or answer the question on a terminal.
error-file-unwritten = { $path } cannot be written: { $cause }
