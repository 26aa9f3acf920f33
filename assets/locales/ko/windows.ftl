## rdp

rdp-open = 데스크톱 주소: { $address }, 사용자: { $user }. 암호: ec2dash password { $id }{ AGAIN() } --print
rdp-client = 시작: { $program }. 끝나면 터널도 끝납니다
rdp-no-client = 원격 데스크톱 프로그램이나 그것을 보여 줄 화면이 여기 없습니다. 그 주소로 직접 접속하세요. Ctrl-C를 누르면 터널이 끝납니다.
rdp-certificate-sha256 = 같은 인증서의 SHA-256(FreeRDP가 묻는 형식): { $shown }
rdp-certificate-right = 데스크톱의 인증서가 콘솔에 있는 것과 같습니다: SHA-1 { $shown }
rdp-certificate-untold = 콘솔에 인증서가 없어 데스크톱의 인증서를 확인하지 못했습니다: SHA-1 { $shown }
rdp-certificate-unread = 데스크톱의 인증서를 읽지 못했습니다({ $shown }). 프로그램이 보여 주는 것을 콘솔에 있는 것과 비교하세요: SHA-1 { $told }
rdp-certificate-unknown = 데스크톱의 인증서를 읽지 못했고({ $shown }), 콘솔에도 없습니다.

error-rdp-not-windows = Windows가 아니어서 아는 데스크톱이 없습니다: { $target }
error-rdp-not-windows-next = 다른 데스크톱이라면 포트를 전달하세요: ec2dash tunnel { $id }{ AGAIN() } 3389
error-rdp-no-way = 데스크톱에 닿는 길이 없습니다: { $target }
error-rdp-no-way-next = 그래도 시도하기: ec2dash rdp { $id }{ AGAIN() } --method ssm
error-rdp-no-address = 그런 주소가 없습니다: { $target }
error-rdp-no-answer = 데스크톱이 응답하지 않습니다: { $target }: { $shown }
error-rdp-no-answer-why = Windows가 아직 시작하는 중이거나, 원격 데스크톱이 꺼져 있거나, 보안 그룹이 3389번 포트를 막고 있습니다.
error-rdp-no-answer-next = 막는 이유 보기: ec2dash doctor { $id }{ AGAIN() }
error-rdp-certificate-other = 데스크톱이 콘솔에 있는 것과 다른 인증서를 보여 줍니다. 아무것도 시작하지 않았습니다: { $target }
error-rdp-certificate-other-why = 보여 준 것: SHA-1 { $shown }
    콘솔: SHA-1 { $told }
error-rdp-certificate-other-next = Windows에 따로 인증서를 준 것이라면 직접 접속하세요: ec2dash tunnel { $id }{ AGAIN() } 3389

## password

password-there = 첫 암호({ $user })가 있습니다: { $target }. 여는 키: { $path }. 그 뒤에 바뀌었을 수 있습니다.
password-there-locked = 첫 암호({ $user })가 있습니다: { $target }. 여는 키(암호 문구 필요): { $path }. 그 뒤에 바뀌었을 수 있습니다.
password-there-doubtful = 첫 암호({ $user })가 있습니다: { $target }. 이 키로 열리는지는 암호 문구를 입력해야 압니다: { $path }. EC2에는 지금 그 이름으로 다른 키가 있습니다.
password-how = 보기: ec2dash password { $id }{ AGAIN() } --print, 파일에 쓰기: --file FILE
password-key-unopened = 암호를 열 수 없습니다: { $target }
ask-replace-file = 이미 있는 파일입니다: { $path }. 바꿀까요? y/N
note-secret-written = 본인만 읽을 수 있게 썼습니다: { $path }

error-password-read-only = 암호를 묻지 않습니다(read_only).
error-password-not-windows = Windows가 아니어서 EC2에 암호가 없습니다: { $target }
error-password-no-pair = 키 페어 없이 시작해 EC2에 암호가 없습니다: { $target }
error-password-no-pair-next = 이미지나 도메인의 암호로 로그인하거나 Session Manager로 새로 정하세요:
    aws ssm start-automation-execution --document-name AWSSupport-RunEC2RescueForWindowsTool --parameters InstanceId={ $id },Command=ResetAccess
error-password-not-yet = { $minutes ->
    [0] 시작한 지 1분이 안 되어
   *[other] 시작한 지 { $minutes }분이라
  } 아직 암호가 없습니다: { $target }
error-password-not-yet-why = Windows는 처음 시작할 때 암호를 만들며, 4분에서 15분이 걸립니다.
error-password-not-yet-next = 몇 분 뒤에 다시 시도하세요.
error-password-not-made = Windows가 EC2에 암호를 알리지 않았습니다: { $target }
error-password-not-made-why = 직접 만든 이미지는 EC2Launch를 설정해야 암호를 만들고, 도메인에 든 인스턴스는 도메인의 암호를 씁니다.
error-password-not-made-next = 이미지나 도메인의 암호로 로그인하거나 새로 정하세요:
    aws ssm start-automation-execution --document-name AWSSupport-RunEC2RescueForWindowsTool --parameters InstanceId={ $id },Command=ResetAccess
error-password-not-rsa = 키 페어가 RSA가 아니어서 EC2에 암호가 없습니다: { $target } ({ $pair })
error-password-not-rsa-why = Windows는 RSA 키 페어로만 첫 암호를 암호화합니다.
error-password-no-key = 암호를 여는 RSA 키가 이 컴퓨터에 없습니다: { $pair } ({ $target })
error-password-no-key-why = ~/.ssh와 ssh_config, key_dirs에 있는 키는 그 키가 아닙니다. 에이전트의 키로는 열 수 없습니다.
error-password-no-key-next = 키 파일을 지정하세요: ec2dash password { $id }{ AGAIN() } --identity FILE
error-password-no-such-key = 암호는 RSA 키로만 열립니다: { $pair } ({ $target }). 이 파일은 그 키가 아닙니다: { $path }
error-password-no-such-key-next = 키 파일을 지정하세요: ec2dash password { $id }{ AGAIN() } --identity FILE
error-password-other-key = 이 키로는 암호가 열리지 않습니다: { $path }. 다른 키로 암호화되었습니다 ({ $target })
error-password-other-key-next = 키 파일을 지정하세요: ec2dash password { $id }{ AGAIN() } --identity FILE
error-file-exists = 이미 있는 파일이며 그대로 둡니다: { $path }
error-file-exists-next = 다른 파일을 지정하거나 터미널에서 질문에 답하세요.
error-file-unwritten = 쓸 수 없습니다: { $path }: { $cause }
