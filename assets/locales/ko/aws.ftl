## aws

# What went wrong with AWS: `error-<code>` says what happened, `-why` why, `-next` what to do. Commands are not translated.
error-no-credentials = AWS 자격 증명을 찾지 못했습니다.
error-no-credentials-why = 찾아본 곳: 환경 변수, ~/.aws/config, ~/.aws/credentials, 컨테이너, 인스턴스 메타데이터.
error-no-credentials-next = "ec2dash login"을 실행하거나, { $demo ->
    [yes] 프로필을 선택하거나, "ec2dash --demo"를 써 보세요
   *[no] 프로필을 선택하세요
  }.

error-no-profile = 없는 프로필입니다: { $profile }
error-no-profile-why = ~/.aws/config와 ~/.aws/credentials 어디에도 없습니다.
error-no-profile-next = 있는 프로필 보기: ec2dash profiles

error-sign-in-ended = { $named ->
    [no] { $how ->
        [missing] 로그인하지 않았습니다. 프로필: { $profile }
        [damaged] 로그인 정보를 읽을 수 없습니다. 프로필: { $profile }
        [ended] 로그인이 만료되었습니다({ $ago }). 프로필: { $profile }
        [revoked] 로그인이 더 이상 받아들여지지 않습니다. 프로필: { $profile }
        [console] 콘솔 로그인이 없거나 만료되었습니다. 프로필: { $profile }
       *[over] 로그인이 만료되었습니다. 프로필: { $profile }
    }
   *[yes] { $how ->
        [missing] 로그인하지 않았습니다. SSO 세션: "{ $session }"
        [damaged] 로그인 정보를 읽을 수 없습니다. SSO 세션: "{ $session }"
        [ended] 로그인이 만료되었습니다({ $ago }). SSO 세션: "{ $session }"
        [revoked] 로그인이 더 이상 받아들여지지 않습니다. SSO 세션: "{ $session }"
       *[over] 로그인이 만료되었습니다. SSO 세션: "{ $session }"
    }
  }
error-sign-in-ended-why = 다른 곳에서 로그아웃했거나 sso_region 값이 잘못되었습니다: { $region }
error-sign-in-ended-next = 로그인한 뒤 다시 시도하세요: { $command }

error-role-not-assigned = 이 역할을 쓸 수 없습니다: { $role }, 계정 { $account }
error-role-not-assigned-why = 로그인은 유효하지만 AWS가 이 역할을 주지 않습니다. 할당되지 않았거나 이름이 틀렸습니다. SSO 세션: "{ $session }"
error-role-not-assigned-next = 역할을 요청하거나 다른 프로필을 고르세요. 다른 사용자로 로그인했나요? ec2dash login

error-no-sso-session = 로그인할 SSO 세션이 없는 프로필입니다: { $profile }
error-no-sso-session-next = 세션이 있는 프로필을 지정하거나(ec2dash profiles) 다음을 실행하세요: ec2dash login --start-url URL --sso-region REGION

error-unknown-start-url = 리전에서 찾을 수 없는 시작 URL입니다: { $url }, 리전 { $region }
error-unknown-start-url-next = { $named ->
    [no] --start-url과 --sso-region을 모두 확인하세요.
   *[yes] ~/.aws/config의 sso_start_url과 sso_region을 확인하세요: [sso-session { $session }]
  }

error-start-url-astray = AWS 포털로 이어지지 않는 시작 URL입니다: { $url }
error-start-url-astray-why = 이어지는 곳: { $to }
error-start-url-astray-next = 시작 URL을 준 사람에게 그 뒤의 주소를 물어보세요. 예: https://corp.awsapps.com/start

error-session-name-taken = ~/.aws/config에 이름이 같은 다른 SSO 세션이 있습니다: "{ $session }"
error-session-name-taken-next = 다른 이름을 지정하세요: --session NAME

error-sign-in-timed-out = 시간이 지나 코드가 만료되었습니다({ $minutes }분).
error-sign-in-timed-out-next = 다시 시작하세요: ec2dash login

error-sign-in-refused = 브라우저에서 로그인이 거부되었습니다.
error-sign-in-refused-next = 의도한 것이 아니라면 다시 시작하세요: ec2dash login

error-sign-in-not-kept = 로그인 정보를 저장할 수 없습니다: { $path }: { $cause }
error-sign-in-not-kept-next = 고친 뒤 다시 로그인하세요: ec2dash login

error-credentials-expired = { $named ->
    [no] 자격 증명이 만료되었습니다.
   *[yes] 자격 증명이 만료되었습니다. 프로필: { $profile }
  }
error-credentials-expired-next = 받은 곳에서 새 자격 증명을 받은 뒤 다시 시도하세요.

error-mfa-needed = MFA 코드가 필요합니다. 프로필: { $profile }, 장치: { $device }
error-mfa-needed-why = 입력된 코드가 없습니다. 코드는 터미널 앞에 사람이 있을 때 묻습니다.
error-mfa-needed-next = { $kept ->
    [no] aws configure mfa-login --profile { $profile-word }
   *[yes] ec2dash whoami --profile { $profile-word }
}

error-mfa-code-refused = 코드가 틀렸거나 이미 사용되었습니다.
error-mfa-code-refused-why = 코드는 30초 안에 한 번만 쓸 수 있습니다.
error-mfa-code-refused-next = 다음 코드를 기다렸다가 다시 시도하세요.

error-mfa-device-unknown = mfa_serial의 장치가 이 키의 사용자 것이 아닙니다.
error-mfa-device-unknown-why = AWS가 이 장치로 코드를 확인하지 못했습니다.
error-mfa-device-unknown-next = ~/.aws/config에서 프로필의 mfa_serial을 고치세요. 장치 목록: aws iam list-mfa-devices

error-mfa-security-key = 보안 키는 AWS 호출에 쓸 수 없습니다. 프로필: { $profile }, 장치: { $device }
error-mfa-security-key-why = 보안 키는 브라우저로 로그인할 때만 쓸 수 있습니다.
error-mfa-security-key-next = IAM Identity Center 프로필이나 aws login을 쓰거나, mfa_serial에 가상 장치를 하나 더 등록하세요.

error-mfa-code-of-nobody = 사용자 키가 아닌 자격 증명으로는 MFA 코드를 쓸 수 없습니다. 프로필: { $profile }, 장치: { $device }
error-mfa-code-of-nobody-why = 코드는 장치 주인의 액세스 키로 첫 번째 역할을 맡을 때만 쓸 수 있습니다.
error-mfa-code-of-nobody-next = 프로필에서 mfa_serial을 지우거나, source_profile을 사용자 키로 바꾸세요.

error-credential-program-not-allowed = 자격 증명을 주는 프로그램의 실행이 허용되지 않았습니다. 프로필: { $profile }
error-credential-program-not-allowed-why = 실행될 프로그램: { $programs }
error-credential-program-not-allowed-next = --allow-credential-process로 한 번 허용하거나, 터미널에서 질문에 답하세요.

error-credential-program-failed = 자격 증명을 주는 프로그램이 실패했습니다. 프로필: { $profile }
error-credential-program-failed-why = 프로그램의 출력: { $message }
error-credential-program-failed-next = 그 프로필의 credential_process를 직접 실행해 자세히 확인하세요.

error-credentials-failed = AWS 자격 증명을 받지 못했습니다.
error-credentials-failed-why = 자격 증명 공급자의 응답: { $message }
error-credentials-failed-next = 자격 증명을 주는 곳을 확인하세요: 프로필의 설정, 또는 이 컨테이너나 인스턴스의 역할.

error-invalid-credentials = AWS가 자격 증명을 받아들이지 않습니다({ $aws-code }).
error-invalid-credentials-why = { $message }
error-invalid-credentials-next = 액세스 키와 시크릿을 확인하세요. 삭제되거나 비활성화된 키도 같은 오류를 냅니다.

error-no-region = { $named ->
    [no] 리전이 설정되지 않았습니다.
   *[yes] 리전이 설정되지 않았습니다. 프로필: { $profile }
  }
error-no-region-next = --region, AWS_REGION, 또는 ~/.aws/config의 region을 사용하세요.
no-region-also = 리전이 있는 프로필: { $profiles }

error-region-off = 이 계정에서 활성화되지 않은 리전입니다: { $region }
error-region-off-next = 다른 리전을 선택하세요. 활성화된 리전: ec2dash regions

error-no-such-region = 알려진 AWS 리전이 아닙니다: { $region }
error-no-such-region-why = 이 자격 증명으로는 이 이름에 응답하는 AWS가 없습니다.
error-no-such-region-next = 있는 리전 보기: ec2dash regions
error-no-such-region-near = 알려진 AWS 리전이 아닙니다: { $region }. 비슷한 리전: { $nearest }
error-no-such-region-near-why = 이 자격 증명으로는 이 이름에 응답하는 AWS가 없습니다.
error-no-such-region-near-next = 있는 리전 보기: ec2dash regions. 비슷한 리전으로 실행: --region { $nearest }

error-region-or-keys = AWS가 자격 증명을 받아들이지 않습니다. 리전: { $region } ({ $aws-code })
error-region-or-keys-why = 키가 틀렸을 때도, 키가 맞지만 계정에서 리전이 활성화되지 않았을 때도 나는 오류입니다. STS로는 구분하지 못했습니다.
error-region-or-keys-next = 액세스 키와 시크릿, 그리고 활성화된 리전을 확인하세요: ec2dash regions

error-access-denied = { $action } 거부됨.
error-access-denied-why = { $message }
error-access-denied-next = 권한 담당자에게 허용을 요청하세요: { $action }

error-wrong-clock = { $side ->
    [behind] 이 컴퓨터의 시계가 AWS보다 { $amount } 늦어 요청이 거부됩니다.
    [ahead] 이 컴퓨터의 시계가 AWS보다 { $amount } 빨라 요청이 거부됩니다.
   *[unknown] 이 컴퓨터의 시계가 AWS와 달라 요청이 거부됩니다.
  }
error-wrong-clock-next = 시계를 맞춘 뒤(예: timedatectl set-ntp true) 다시 시도하세요.

error-throttled = AWS가 요청을 제한합니다.
error-throttled-why = 본인이나 같은 계정의 다른 사용자가 너무 자주 호출했습니다: { $action }
error-throttled-next = 1분 뒤 다시 시도하세요.

error-timeout = { $action }: { $seconds }초 안에 응답이 없습니다.
error-timeout-next = 다시 시도하거나, --api-timeout으로 더 오래 기다리세요.

error-unreachable = 연결할 수 없습니다: { $host } ({ $cause })
error-unreachable-next = 네트워크, 프록시(HTTPS_PROXY, NO_PROXY), 엔드포인트를 확인한 뒤 다시 시도하세요.

cause-connection-refused = 연결 거부됨
cause-name-not-found = 이름을 찾지 못함
cause-network-unreachable = 네트워크에 닿을 수 없음
cause-no-route-to-host = 호스트로 가는 경로 없음
cause-connection-reset = 연결이 끊김
cause-it-refuses-to = 프록시가 거부함
cause-it-wants-a-user-name-and-a-password = 프록시에 사용자 이름과 암호가 필요함
cause-it-does-not-take-the-user-name-and-the-password = 프록시가 사용자 이름과 암호를 받아들이지 않음
cause-it-takes-no-user-name-and-password = 프록시가 사용자 이름과 암호를 쓰지 않음
cause-the-login-and-the-name-of-the-host-are-too-long-together = 로그인 정보와 호스트 이름을 합한 길이가 너무 긺
cause-the-network-there-cannot-be-reached = 프록시에서 그 네트워크에 닿을 수 없음
cause-the-host-cannot-be-reached-from-there = 프록시에서 그 호스트에 닿을 수 없음
cause-the-host-refuses-the-connection = 호스트가 연결을 거부함
cause-it-failed-and-does-not-say-why = 프록시가 실패했고 이유를 알리지 않음
cause-it-does-not-know-this-kind-of-address = 프록시가 모르는 종류의 주소임
cause-its-answer-is-not-one-of-a-SOCKS5-proxy = SOCKS5 프록시의 응답이 아님
cause-its-answer-is-not-one-of-an-HTTP-proxy = HTTP 프록시의 응답이 아님
cause-it-closes-the-connection = 프록시가 연결을 닫음
cause-no-connection-in-time = 시간 안에 연결되지 않음

error-proxy = 프록시가 연결해 주지 않습니다. 프록시: { $proxy }, 호스트: { $host } ({ $cause })
error-proxy-next = HTTPS_PROXY(또는 ALL_PROXY)를 확인하세요. NO_PROXY에 적은 호스트에는 프록시 없이 연결합니다.

error-unknown-issuer = 이 컴퓨터가 신뢰하지 않는 곳이 서명한 인증서입니다: { $host }
error-unknown-issuer-why = { $by ->
    [proxy] 경로의 프록시({ $proxy })가 TLS를 열고 회사 인증서로 서명할 수 있습니다.
    [itself] 프록시 자체의 인증서입니다.
   *[host] 경로에서 무언가가 TLS를 열고 자체 인증서로 서명할 수 있습니다.
  }
error-unknown-issuer-next = 그런 네트워크라면 루트 인증서(PEM) 파일을 AWS_CA_BUNDLE이나 프로필의 ca_bundle에 지정하세요.

error-certificate-expired = 인증서가 만료되었습니다: { $host }
error-certificate-expired-why = 만료 시각: { $edge }, 이 컴퓨터의 시계: { $clock }
error-certificate-expired-next = 이 컴퓨터의 시계가 틀렸다면 맞추세요. 맞다면 { $by ->
    [proxy] 프록시({ $proxy })나 호스트({ $host })의 인증서를 갱신해야 합니다
   *[host] 호스트의 운영자가 인증서를 갱신해야 합니다({ $host })
  }.

error-certificate-not-yet-valid = 아직 유효하지 않은 인증서입니다: { $host }
error-certificate-not-yet-valid-why = 유효 시작: { $edge }, 이 컴퓨터의 시계: { $clock }
error-certificate-not-yet-valid-next = 이 컴퓨터의 시계가 틀렸다면 맞추세요. 맞다면 { $by ->
    [proxy] 프록시({ $proxy })나 호스트({ $host })의 인증서를 바꿔야 합니다
   *[host] 호스트의 운영자가 인증서를 바꿔야 합니다({ $host })
  }.

error-certificate-wrong-name = 다른 호스트의 인증서가 왔습니다. 연결한 호스트: { $host }
error-certificate-wrong-name-why = 인증서의 이름: { $names }
error-certificate-wrong-name-next = { $by ->
    [itself] HTTPS_PROXY(또는 ALL_PROXY)에 프록시를 인증서에 있는 이름으로 적으세요.
    [proxy] 프록시({ $proxy })가 TLS를 어떻게 다루는지, 그리고 엔드포인트(AWS_ENDPOINT_URL 또는 프로필의 endpoint_url)를 확인하세요.
   *[host] 엔드포인트(AWS_ENDPOINT_URL 또는 프로필의 endpoint_url)를 확인하세요. 먼저 로그인해야 하는 네트워크도 이렇게 응답합니다.
  }

error-certificate-refused = 인증서를 받아들일 수 없습니다: { $host } ({ $cause })
error-certificate-refused-next = 호스트({ $host })의 운영자나, 경로에서 TLS를 여는 프록시가 고쳐야 합니다.

error-bad-variable = 쓸 수 없는 변수입니다: { $variable } ({ $cause })
error-bad-variable-next = 변수를 바로 설정하거나 지우세요: { $variable }

error-garbled-answer = AWS의 응답이 아닙니다: { $action }
error-garbled-answer-why = { $cause }
error-garbled-answer-next = 이 컴퓨터와 AWS 사이에 프록시나, 먼저 로그인해야 하는 네트워크가 있습니다.

error-plain-endpoint = 거부된 엔드포인트입니다: http://{ $host }
error-plain-endpoint-why = 암호화하지 않은 http는 경로의 누구나 요청과 응답을 볼 수 있어, 이 컴퓨터 자신에만 씁니다.
error-plain-endpoint-next = AWS_ENDPOINT_URL이나 프로필의 endpoint_url에 https를 사용하세요.

error-no-such-instance = 인스턴스가 없습니다.
error-no-such-instance-why = 종료되었거나, 다른 리전이나 계정에 있을 수 있습니다.
error-no-such-instance-next = 있는 인스턴스 보기: ec2dash ls

error-target-not-connected = 인스턴스의 SSM Agent가 Session Manager에 연결되어 있지 않습니다.
error-target-not-connected-why = { $message }
error-target-not-connected-next = 에이전트가 실행 중인지, 역할이 ssmmessages를 허용하는지, AWS에 연결되는지 확인하세요. 부팅 후 2분쯤 걸릴 수 있습니다.

error-tier-needed = 하이브리드 노드의 세션에는 노드와 시간 단위로 요금이 드는 Systems Manager의 고급 인스턴스 계층이 필요합니다.
error-tier-needed-why = { $message }
error-tier-needed-next = aws ssm update-service-setting --setting-id /ssm/managed-instance/activation-tier --setting-value advanced

error-no-capacity = 지금은 이 가용 영역에 이 유형의 인스턴스를 시작할 여유 용량이 없습니다.
error-no-capacity-why = { $message }
error-no-capacity-next = 몇 분 뒤에 다시 시도하세요. 중지된 인스턴스는 유형을 바꿀 수도 있습니다: aws ec2 modify-instance-attribute --instance-type

error-no-such-session = 더 이상 없는 세션입니다.
error-no-such-session-why = 다른 사람이나 서비스가 종료했습니다.
error-no-such-session-next = 다시 연결하세요.

error-bad-profile = AWS 파일에 적힌 대로는 쓸 수 없는 프로필입니다: { $profile }
error-bad-profile-why = { aws-file-flaw }
error-bad-profile-next = 그곳을 고치세요. 다른 프로필은 쓸 수 있습니다: ec2dash profiles

# What is wrong with a place in the AWS files; what stands there is not quoted, for it may be a secret.
aws-file-flaw = { aws-file-place }: { $fault ->
    [unreadable] { $cause }
    [no-section] 첫 섹션 위에 있어 어디에도 속하지 않는 설정입니다
    [no-end] 섹션 이름 끝에 ]가 없습니다
    [open-quote] 섹션 이름의 따옴표가 닫히지 않았습니다
    [no-name] 이름 없는 섹션입니다
    [word-missing] [{ $name }] 섹션은 여기서 프로필이 아닙니다. 바른 형식: [profile { $name }]
    [word-too-much] [profile { $name }] 섹션은 여기서 프로필이 아닙니다. 바른 형식: [{ $name }]
    [not-quoted] 공백이 있는 이름은 따옴표로 묶어야 합니다: [profile "{ $name }"]
    [joined] 들여쓴 줄이라 위의 설정({ $key })에 속하지만, 그 설정은 한 줄만 받습니다
    [open-command] 명령줄의 따옴표가 닫히지 않았습니다({ $key })
    [too-much-given] [DEFAULT]가 너무 많은 섹션에 너무 많은 설정을 줍니다
    [twice] [{ $name }] 섹션이 두 번 나옵니다. 뒤의 설정이 쓰이며, AWS CLI는 이 파일을 거부합니다
    [two-defaults] [default]와 [profile default]가 모두 있습니다. 뒤의 것이 통째로 쓰입니다
    [seen-by-others] 로그인 정보가 든 파일을 다른 사용자도 읽을 수 있습니다. 닫으려면: chmod 600
    [sign-in-not-kept] { $name } 로그인을 갱신했지만 이곳에 저장할 수 없습니다({ $cause }). 이번 실행에만 쓰이며, 다음에는 다시 로그인해야 할 수 있습니다
    [role-not-kept] 역할의 자격 증명을 이곳에 저장할 수 없습니다({ $cause }). 이번 실행에만 쓰이며, 다음에는 코드를 다시 묻습니다
    [differs] { $key }: 여기서는 { $here }, [sso-session { $name }] 섹션에서는 { $there }. 둘은 같아야 합니다
   *[no-setting] 섹션도 설정(key = value)도 아닌 줄입니다
  }
aws-file-place = { $has-line ->
    [no] { $file }
   *[yes] { $file } { $line }행
  }

error-bad-aws-files = AWS 파일을 쓸 수 없습니다: { $cause }
error-bad-aws-files-next = ~/.aws/config와 ~/.aws/credentials(또는 AWS_CONFIG_FILE과 AWS_SHARED_CREDENTIALS_FILE이 가리키는 파일)를 고치세요.

error-aws-error = { $action } 실패({ $aws-code }).
error-aws-error-why = { $message }
error-aws-error-next = 다시 시도하세요. 계속되면 서비스 상태를 확인하세요: https://health.aws.amazon.com

error-account-blocked = AWS가 계정을 막았거나 아직 확인하지 않았습니다.
error-account-blocked-why = { $message }
error-account-blocked-next = AWS Support에 문의하세요: https://console.aws.amazon.com/support

error-instance-in-transition = 인스턴스의 상태가 바뀌는 중이라 지금은 할 수 없습니다: { $action }
error-instance-in-transition-why = { $message }
error-instance-in-transition-next = 실행되거나 중지될 때까지 기다렸다가 다시 시도하세요.

error-instance-not-in-state = 실행 중이 아닌 인스턴스에는 EC2 Instance Connect로 키를 보낼 수 없습니다.
error-instance-not-in-state-why = { $message }
error-instance-not-in-state-next = 실행될 때까지 기다리거나 시작하세요: ec2dash start

error-instance-unavailable = 지금은 AWS가 인스턴스의 메타데이터에 닿지 못해 키를 전달할 수 없습니다.
error-instance-unavailable-why = { $message }
error-instance-unavailable-next = 1분 뒤에 다시 시도하고, 계속되면 상태 검사를 보세요: aws ec2 describe-instance-status

error-resource-gone = 필요한 리소스가 더는 없습니다({ $action }).
error-resource-gone-why = { $message }
error-resource-gone-next = AWS에 다시 물어본 뒤 다시 시도하세요.

error-quota-reached = 계정의 할당량에 도달했습니다({ $aws-code }).
error-quota-reached-why = { $message }
error-quota-reached-next = 필요 없는 것을 지우거나 할당량을 늘려 달라고 하세요: https://console.aws.amazon.com/servicequotas

error-target-unknown-to-ssm = Systems Manager가 이 인스턴스를 모르거나, 아무것도 받지 않는 상태로 알고 있습니다.
error-target-unknown-to-ssm-why = { $message }
error-target-unknown-to-ssm-next = ID와 리전, 에이전트 등록 여부를 확인하세요: aws ssm describe-instance-information

error-no-such-document = Systems Manager에 그런 문서가 없습니다.
error-no-such-document-why = { $message }
error-no-such-document-next = 이 리전의 문서 이름과 버전을 확인하세요: aws ssm list-documents

error-key-push-refused = EC2 Instance Connect가 키, 사용자, 가용 영역 중 하나를 받지 않습니다.
error-key-push-refused-why = { $message }
error-key-push-refused-next = 다른 사용자로 시도하세요. 키는 ed25519이거나 2048 또는 4096비트 RSA여야 합니다.

error-command-not-taken = 인스턴스의 SSM Agent가 명령을 받지 않았습니다.
error-command-not-taken-why = Run Command의 상태: { $aws-code }
error-command-not-taken-next = 인스턴스를 시작하거나 에이전트가 온라인이 될 때까지 기다린 뒤(ec2dash ls) 다시 하세요.
