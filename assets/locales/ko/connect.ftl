## connect: what connecting will do, why it is not done, and what ssh's errors mean

# A plan as --dry-run prints it. The heads stand in nine columns.
plan-head-target = 대상
plan-head-method = 방법
plan-head-login = 로그인
plan-account = 계정 { $account }
plan-best-of = 최선({ $methods } 중)
plan-as-asked = 지정함
plan-login = { $user } ({ $source }), { $address } 포트 { $port } ({ $kind })
plan-login-endpoint = { $user } ({ $source }), { $address } 포트 { $port }, 엔드포인트 { $endpoint } 경유
plan-login-proxy = { $user } ({ $source }), 포트 { $port }, 경유: { $through }
through-session-manager = Session Manager
plan-push-key = ec2-instance-connect:SendSSHPublicKey, 사용자 { $user }: 새 ed25519 키, 60초 동안 유효
plan-name-key = 에이전트가 가진 키: { $key }

# Why no connection is made
refused = 연결할 수 없음: { $target }
refused-by = 연결할 수 없음: { $target } (방법: { $method })
refused-not-in-this-version = { $feature }: 이 버전에 없음
refused-instead = ec2dash connect { $id } --method { $method }   (준비됨)
refused-show = ec2dash show { $id }   (모든 접속 방법과 이유)

# What ssh's last words mean (ended-<code>), why (-why-N, the likeliest first) and what to do (-next-N)
ended-host-key-changed = 호스트 키가 전에 본 것과 다름: { $id }. 연결하지 않았습니다
ended-host-key-changed-why-1 = 전에 본 키: { $before }
ended-host-key-changed-why-2 = 지금 본 키: { $now }
ended-host-key-changed-why-3 = 인스턴스를 다시 만들었거나 루트 볼륨을 바꾸면 키가 달라집니다. 중간에 누군가 끼어들어도 그렇습니다
ended-host-key-changed-next-1 = 다시 만든 인스턴스라면: ec2dash known-hosts forget { $id }
ended-host-key-unknown = 모르는 호스트 키: { $id }. host_keys = "strict"는 아는 키만 받습니다
ended-host-key-unknown-next-1 = config.toml의 [connect]에 host_keys = "accept-new"를 두고 한 번 연결하세요
ended-host-key-refused = 호스트 키가 받아들여지지 않음: { $id }
ended-host-key-refused-why-1 = ProxyJump처럼 경로에 있는 호스트의 키를 모르는 것일 수 있습니다
ended-host-key-refused-next-1 = 그 호스트에 ssh로 한 번 로그인해 키를 비교하세요
ended-ssh-config-broken = ssh가 ssh_config를 받아들이지 않음
ended-ssh-config-broken-next-1 = ssh가 위에 적은 파일의 그 줄을 고치거나, config.toml의 [connect]에 use_ssh_config = false를 두세요
ended-no-common-algorithm = 이 컴퓨터의 ssh와 인스턴스의 sshd에 공통 알고리즘이 없음: { $id }
ended-no-common-algorithm-why-1 = 상대가 매우 오래되었거나, 이 컴퓨터가 허용하는 알고리즘이 적습니다
ended-no-common-algorithm-next-1 = 인스턴스를 업데이트하거나, 그 알고리즘을 한 번 허용하세요: ec2dash ssh { $id } -- -o HostKeyAlgorithms=+ssh-rsa
ended-jump-failed = 점프 호스트를 거친 연결 실패
ended-jump-failed-why-1 = ssh_config의 ProxyJump나 ProxyCommand가 끝났습니다. 그 오류는 위에 있습니다
ended-jump-failed-next-1 = 점프 호스트에만 먼저 로그인해 본 뒤 다시 시도하세요
ended-other-user = 다른 사용자로 로그인해야 함: { $id } (사용자: { $user })
ended-other-user-next-1 = ec2dash connect { $id } --method { $method } --user { $other }
ended-key-too-open = 다른 사용자가 읽을 수 있어 ssh가 키 파일을 거부함
ended-key-too-open-next-1 = ssh가 위에 적은 파일에 chmod 400을 실행하세요
ended-key-passphrase = 키 파일의 암호가 틀림
ended-key-passphrase-next-1 = 다시 시도하거나, ssh-add로 키를 불러오세요
ended-key-unreadable = OpenSSH가 키 파일을 읽을 수 없음
ended-key-unreadable-why-1 = PuTTY 키이거나, 잘렸거나, 퍼블릭 키이거나, Windows 줄 끝입니다
ended-key-unreadable-next-1 = PuTTY 키를 OpenSSH 키로 바꾸려면: puttygen FILE -O private-openssh -o FILE.pem
ended-key-unreadable-next-2 = Windows 줄 끝을 없애려면: (umask 077; (tr -d '\r' < FILE; echo) > FILE.new && mv FILE.new FILE)
ended-key-missing = 키 파일이 없음
ended-key-missing-next-1 = ec2dash connect { $id } --identity FILE
ended-too-many-failures = 너무 많은 키를 시도해 거부됨: { $id }
ended-too-many-failures-why-1 = ssh_config가 이 호스트에 다른 키도 지정합니다
ended-too-many-failures-next-1 = ec2dash ssh { $id } --method { $method } --ssh-config off
ended-no-common-signature = 이 컴퓨터의 ssh와 인스턴스의 sshd에 공통 서명 알고리즘이 없음: { $id }
ended-no-common-signature-why-1 = 오래된 서버와 새 클라이언트, 또는 그 반대에서 RSA 키를 쓰고 있습니다
ended-no-common-signature-next-1 = ed25519 키를 사용하거나, 마지막 수단으로: ec2dash ssh { $id } -- -o PubkeyAcceptedAlgorithms=+ssh-rsa
ended-key-refused = 키가 거부됨: { $id } (사용자: { $user })
ended-key-refused-why-1 = 이미지의 로그인 사용자가 다를 수 있습니다: { $others }
ended-key-refused-why-2 = 인스턴스를 시작할 때와 다른 키일 수 있습니다
ended-key-refused-why-3 = 인스턴스의 authorized_keys나 홈 디렉터리 권한이 바뀌었을 수 있습니다
ended-key-refused-next-1 = ec2dash connect { $id } --method { $method } --user NAME --identity FILE
ended-key-refused-next-2 = ec2dash connect { $id } --method eic
ended-eic-key-refused = 일회용 키가 거부됨: { $id } (사용자: { $user })
ended-eic-key-refused-why-1 = ec2-instance-connect 패키지가 없거나, sshd의 AuthorizedKeysCommand가 다를 수 있습니다
ended-eic-key-refused-why-2 = 이미지의 로그인 사용자가 다를 수 있습니다: { $others }
ended-eic-key-refused-why-3 = 인스턴스 메타데이터가 꺼졌거나 인스턴스의 시계가 틀렸을 수 있습니다. FIPS 모드의 호스트는 ed25519를 거부할 수 있습니다
ended-eic-key-refused-next-1 = ec2dash connect { $id } --method { $method } --user NAME
ended-eic-key-refused-next-2 = ec2dash connect { $id } --method ssh
ended-timed-out = 응답 없음: { $address } 포트 { $port }
ended-timed-out-why-1 = 보안 그룹에 이 포트의 인바운드 규칙이 없습니다(포트 { $port })
ended-timed-out-why-2 = 네트워크 ACL이나 빠진 경로가 막고 있습니다. 프라이빗 주소에는 VPN이 필요합니다
ended-timed-out-why-3 = 인스턴스의 주소가 바뀌었거나, 인스턴스가 멈췄습니다
ended-timed-out-next-1 = aws ec2 describe-security-groups --group-ids { $groups }
ended-timed-out-next-2 = ec2dash show { $id }   (모든 접속 방법과 이유)
ended-refused = 수신 대기하는 프로그램이 없음: { $address } 포트 { $port }
ended-refused-why-1 = sshd가 아직 준비되지 않았거나(시작 후 1~2분 걸림) 다른 포트를 씁니다
ended-refused-why-2 = 이제 다른 컴퓨터의 주소입니다
ended-refused-next-1 = 1분 뒤 다시 시도하거나, 포트를 지정하세요: ec2dash connect { $id } --port PORT
ended-no-route = 경로가 없음: { $address }
ended-no-route-why-1 = VPN이 끊겼거나, 경로의 방화벽이 거부합니다
ended-no-route-next-1 = VPN에 연결하거나, --address로 다른 주소를 지정하세요
ended-network-unreachable = 이 컴퓨터에서 닿을 수 없음: { $address }
ended-network-unreachable-why-1 = IPv6 주소에는 이 컴퓨터의 IPv6가 필요합니다
ended-network-unreachable-next-1 = ec2dash connect { $id } --address private, 또는 --address public
ended-not-resolved = 호스트 이름을 찾지 못함
ended-not-resolved-why-1 = ssh_config가 이 주소에 지정한 ProxyJump의 이름을 여기서 찾을 수 없습니다
ended-not-resolved-next-1 = ssh_config의 이름을 고치거나, 그 이름을 아는 VPN에 연결하세요
ended-closed-at-once = 로그인 전에 연결이 닫힘: { $address }
ended-closed-at-once-why-1 = sshd에 동시 로그인이 너무 많거나, 내 주소를 막습니다(fail2ban)
ended-closed-at-once-why-2 = sshd의 포트가 아닙니다({ $port })
ended-closed-at-once-next-1 = 1분 뒤 다시 시도하세요
ended-forwarding-failed = 전달할 포트를 열지 못함
ended-forwarding-failed-next-1 = 비어 있는 포트를 고르세요
ended-session-lost = 연결이 끊김: { $id }
ended-session-lost-why-1 = 네트워크가 바뀌었거나, NAT나 방화벽이 유휴 연결을 잊었습니다
ended-session-lost-next-1 = 다시 연결하세요. config.toml의 [connect]에 keepalive = 15를 두면 유휴 연결이 유지됩니다
ended-session-closed = 인스턴스가 세션을 닫음: { $id }
ended-session-closed-why-1 = 인스턴스가 중지되거나 재부팅되었거나, 누군가 그곳에서 세션을 끝냈습니다
ended-session-closed-next-1 = 실행 중이 되면 다시 연결하세요
ended-account-off = 로그인할 수 없는 계정: { $user } ({ $id })
ended-account-off-next-1 = ec2dash connect { $id } --method { $method } --user NAME
ended-no-terminal = 인스턴스가 터미널을 주지 않음: { $id }
ended-no-terminal-why-1 = 남은 유사 터미널이 없거나, sshd가 막고 있습니다
ended-no-terminal-next-1 = ec2dash ssh { $id } -- -T
ended-no-sftp = 파일을 제공하지 않음: { $id }
ended-no-sftp-why-1 = sshd에 sftp 서브시스템이 없거나, 시작할 수 없습니다
ended-no-sftp-next-1 = 그곳의 /etc/ssh/sshd_config에 "Subsystem sftp" 줄이 있는지 확인하세요

# In a session of Session Manager. The keys are not translated.
shell-lost = [ec2dash] 연결이 끊겨 재연결하는 중 ({ $seconds }초). Enter ~. 끝내기
shell-resumed = [ec2dash] 재연결됨
session-waits-sign-in = { $what } 로그인할 때까지 기다립니다: { $command }
session-waits-code = { $what } 코드를 입력할 때까지 기다립니다: { $command }
session-sign-in-ends = 로그인이 { $left } 뒤에 끝나며, 그때부터 열려 있는 것은 새 로그인을 기다립니다. 미리 로그인하려면: { $command }
session-waits-credentials = { $what } 새 자격 증명을 기다립니다.
session-waits-certificate = { $what } 계속 시도합니다.
shell-title-silent = { $name }: 응답 없음 { $seconds }초
shell-title-sign-in-ends = { $name }: 로그인이 곧 끝납니다
shell-title-lost = { $name }: 연결 끊김, 재연결 중 ({ $seconds }초)
shell-no-job-control = [ec2dash] 돌아갈 셸이 없습니다
shell-help = [ec2dash] 줄 처음에서, 원격이 아니라 ec2dash가 받는 키:
shell-help-quit = ~.   세션 끝내기
shell-help-suspend = ~^Z  ec2dash를 멈추고 내 셸로. fg로 돌아옴
shell-help-help = ~?   이 도움말
shell-help-tilde = ~~   원격에 ~ 하나 보내기
session-kept-in-both = 이 계정은 세션의 출력을 S3와 CloudWatch Logs에 보관합니다
session-kept-in-s3 = 이 계정은 세션의 출력을 S3에 보관합니다
session-kept-in-cloudwatch = 이 계정은 세션의 출력을 CloudWatch Logs에 보관합니다
session-kept-unknown = 이 계정이 세션의 출력을 보관하는지 알 수 없습니다: { $why }
session-runs-as = 셸은 계정의 기본 설정이 정한 사용자로 실행됩니다
session-idle = 입력 없이 { $minutes }분이 지나면 끝납니다
session-longest = { $minutes }분 뒤에 끝납니다
shell-greeted = 인스턴스의 메시지: { $words }
shell-fell-back = { $from } 실패: { $why } 다음 방법: { $to }.
plan-session = ssm:StartSession { $id } ({ $document })
plan-own-shell = 계정에 설정된 셸
plan-otherwise = 시작하기 전에 실패하면: ec2dash connect { $id } --method { $method }
refused-needs-ssh = ssh의 인수와 원격 명령에는 ssh가 필요합니다. Session Manager 셸에는 없습니다

# How a session of Session Manager ended (over-<code>), why (-why) and what to do (-next)
session-over = 세션이 끝남: { $name } ({ $what })
over-stream-unsafe = AWS가 알려 준 데이터 채널의 주소가 AWS의 것이 아니라 아무것도 보내지 않았습니다
over-stream-unsafe-next = ssmmessages의 자체 엔드포인트라면 AWS_ENDPOINT_URL_SSMMESSAGES에 그 주소를 설정하세요
over-stream-unreachable = 데이터 채널을 열 수 없음: { $host }: { $cause }
over-stream-unreachable-why = 방화벽이나 프록시가 막거나, ssmmessages의 VPC 엔드포인트가 없을 수 있습니다
over-stream-unreachable-next = 이 컴퓨터에서 연결을 허용하세요: { $host } 포트 443
over-stream-proxy = 프록시가 데이터 채널을 통과시키지 않음: { $host } ({ $cause })
over-stream-proxy-next = HTTPS_PROXY를 확인하거나, NO_PROXY=ssmmessages.REGION.amazonaws.com으로 그 호스트를 제외하세요
over-stream-timeout = 제때 응답하지 않음: { $host }
over-stream-timeout-why = WebSocket을 통과시키지 않는 프록시도 이렇게 보입니다
over-stream-timeout-next = 이 컴퓨터에서 연결을 허용하세요: { $host } 포트 443
over-stream-forbidden = 데이터 채널이 거부됨: { $host }, HTTP { $status }: { $words }
over-stream-forbidden-why = 정책에 자신의 세션에 대한 ssmmessages:OpenDataChannel이 없거나, VPC 엔드포인트의 정책에 없을 수 있습니다
over-stream-forbidden-next = 권한 담당자에게 ssmmessages:OpenDataChannel 허용을 요청하세요
over-stream-refused = 예상 밖의 응답: { $host }, HTTP { $status }: { $words }
over-stream-refused-why = 프록시나 로그인 포털처럼 AWS와의 사이에 있는 것이 응답했을 수 있습니다
over-stream-not-opened = AWS가 데이터 채널을 두 번 모두 바로 닫음
over-stream-not-opened-why = 시작 토큰이 받아들여지지 않았습니다. 크게 틀린 시계나 중간의 프록시가 원인일 수 있습니다
over-stream-not-opened-next = 1분 뒤 다시 시도하세요
over-session-cut-short = 세션이 끝났고, 출력의 일부가 빠졌습니다
over-session-closed = 세션이 닫혔습니다
over-session-ended-by-service = 서비스가 끝냄: { $words }
over-session-left = 직접 나감
over-session-timed-out = 서비스가 끝냄: 유휴 시간 초과이거나 다른 곳에서 종료됨
over-session-timed-out-next = 다시 연결하세요
over-session-terminated = 서비스가 끝냄: 다른 곳에서 종료됨
over-session-terminated-next = 다시 연결하세요
over-session-resume-denied = 연결이 끊겼고, { $action } 거부됨: 세션을 이어 갈 수 없음
over-session-resume-denied-why = AWS의 예제를 따른 정책은 IAM 사용자의 세션을 이름(aws:username)으로 허용하는데, 수임한 역할에는 그 이름이 없습니다
over-session-resume-denied-next = 권한 담당자에게 ssm:ResumeSession과 ssm:TerminateSession 허용을 요청하세요: { $resource }
over-session-resume-denied-next-all = 또는 session/*에서, ssm:resourceTag/aws:ssmmessages:session-id가 aws:userid와 맞을 때 모두에게 자신의 세션을 허용하도록 요청하세요
over-session-not-resumed = 연결이 끊겨 { $seconds }초 안에 돌아오지 않음
over-session-not-resumed-next = 네트워크가 돌아오면 다시 연결하세요. 시도할 시간은 config.toml의 [connect]에 있는 reconnect가 정합니다
over-idle = { $minutes }분 동안 입력이 없었습니다. 계정에 설정이 없으면 세션은 { $limit }분 뒤 끝납니다
over-idle-set = { $minutes }분 동안 입력이 없었습니다. 계정의 기본 설정에 따라 세션은 { $limit }분 뒤 끝납니다
over-longest = 계정의 기본 설정에 따라 모든 세션은 { $minutes }분 뒤 끝납니다
over-ssm-no-answer = 인스턴스가 응답하지 않음: 에이전트가 멈췄거나 연결이 끊김
over-ssm-no-answer-why = 서비스는 세션을 받았지만, 에이전트가 오지 않았습니다
over-ssm-no-answer-next = 에이전트를 다시 시작하세요: sudo systemctl restart amazon-ssm-agent
over-ssm-handshake-timed-out = 세션이 시작되지 않음: 기다리던 단계 { $step }
over-ssm-handshake-timed-out-next = 다시 시도하세요. 계속되면 에이전트를 다시 시작하세요: { $id }
over-ssm-handshake-unreadable = 세션이 시작되지 않음: 읽을 수 없는 에이전트의 단계 { $step }
over-ssm-handshake-unreadable-next = 에이전트를 업데이트하세요: { $id }
over-ssm-handshake-out-of-step = 세션이 시작되지 않음: 순서가 어긋난 단계 { $step }
over-ssm-handshake-out-of-step-next = 에이전트를 업데이트하세요: { $id }
over-ssm-unknown-session-type = 에이전트가 제안한, ec2dash가 모르는 세션 유형: { $type }
over-ssm-unexpected-session = 세션 문서가 요청과 다른 종류의 세션을 만듦: { $type }
over-ssm-unsupported-action = 에이전트가 요청한, ec2dash가 모르는 작업: { $type }
over-ssm-key-refused = 세션을 암호화해야 하지만 쓸 키가 없음
over-ssm-key-refused-next = 세션 기본 설정의 키에 kms:GenerateDataKey를 허용하세요
over-ssm-wrong-key = 에이전트에 이 세션의 키가 없어 아무것도 보내지 않음
over-ssm-wrong-key-why = 중간에 누군가 있거나, 키 정책이 인스턴스에 다른 키를 줍니다
over-ssm-challenge-skipped = 에이전트가 이 세션의 키를 가졌다는 증명을 건너뛰어 아무것도 보내지 않음
over-ssm-clear-text = 암호화된 세션에서 에이전트가 평문을 보내 세션을 끝냄
over-ssm-integrity = 메시지가 매번 손상되어 도착해 세션을 끝냄
over-ssm-integrity-why = 중간의 무언가가 데이터를 바꿉니다
over-ssm-message-too-large = 메시지가 너무 커서 세션을 끝냄
over-ssm-message-too-large-why = AWS나 중간의 무언가가 한 번에 1 MiB를 넘게 보냈습니다. 데이터 채널은 그러지 않습니다
over-ssm-unanswered = 인스턴스가 응답을 멈춰 세션을 종료함
over-ssm-unanswered-next = 응답하면 다시 연결하세요
over-ssm-multiplexing = 에이전트가 터널 프로토콜을 어김
over-ssm-multiplexing-next = 에이전트를 업데이트하세요: { $id }
over-words-logging = 계정이 세션을 기록하는 곳이 기본 설정과 달리 암호화되지 않았거나, 역할이 그곳을 볼 수 없습니다
over-words-logging-next = Session Manager 기본 설정을 고치거나, 역할에 s3:GetEncryptionConfiguration과 logs:DescribeLogGroups를 허용하세요
over-words-key = 인스턴스의 역할에 세션 기본 설정의 키를 쓸 권한이 없습니다
over-words-key-next = 인스턴스의 역할에 그 키의 kms:Decrypt를 허용하세요
over-words-run-as = 기본 설정이 정한 세션 실행 사용자가 설정되지 않았거나 없습니다
over-words-run-as-next = Session Manager 기본 설정에 기본 사용자를 정하거나, 인스턴스에 그 사용자를 만드세요
over-words-forbidden-address = 에이전트는 메타데이터 서비스 같은 주소로 전달하지 않습니다
over-words-forbidden-address-next = 다른 주소로 전달하세요
over-words-channel = 에이전트가 채널을 열지 못했습니다: 만료된 토큰, 네트워크, 또는 ssmmessages가 없는 역할
over-words-channel-next = 역할에 AmazonSSMManagedInstanceCore를 연결하고, 인스턴스가 ssmmessages에 닿게 하세요
over-words-port = 인스턴스의 그 포트에서 연결을 받는 프로그램이 없습니다
over-words-port-next = 그곳에서 서비스를 시작하거나, 맞는 포트를 지정하세요
over-words-command = 명령을 시작하지 못했습니다
over-words-command-next = 있는 프로그램을 전체 경로로 지정하세요

# A command on many instances
fleet-waiting = 대기 중
fleet-sent = 보냄
fleet-running = 실행 중
fleet-success = 완료
fleet-failed = 실패
fleet-timed-out = 시간 초과
fleet-not-delivered = 전달 안 됨
fleet-undeliverable = 전달 불가
fleet-cancelled = 취소됨
fleet-terminated = 시작 안 됨
fleet-not-sent = 보내지 않음
fleet-unknown = 알 수 없음
fleet-why-timed-out = 허용된 시간보다 오래 실행되었습니다.
fleet-why-not-delivered = 에이전트가 제때 명령을 받지 않았습니다.
fleet-why-undeliverable = AWS가 명령을 전달하지 못했습니다.
fleet-why-terminated = 다른 인스턴스에서 먼저 실패했습니다.
fleet-why-not-running = 인스턴스 상태: { $state }.
fleet-why-not-registered = 에이전트가 Systems Manager에 등록되지 않았습니다.
fleet-why-agent-silent = 에이전트가 응답하지 않습니다.
fleet-why-windows = Windows에는 /bin/sh가 없습니다.
fleet-why-stopped = 차례가 되기 전에 중단되었습니다.
fleet-why-fail-fast = 다른 인스턴스에서 먼저 실패했습니다.
fleet-why-unknown = 실행되었을 수 있으나 AWS가 알려 주지 않습니다: { $what }

# Tunnels, after the local address
tunnel-refused = 인스턴스가 연결하지 못했습니다: { $to }
tunnel-stalled = 여기서 읽지 않아 다른 연결을 막던 연결을 닫았습니다: { $to }
tunnel-waiting = 연결이 멈춰 있습니다({ $from } → { $to }): 보낸 32 KB가 10초 동안 그곳에서 다 받아들여지지 않았습니다
tunnel-waiting-one = 연결이 멈춰 있습니다({ $to }): 보낸 32 KB가 10초 동안 그곳에서 다 받아들여지지 않았습니다
tunnel-stands-still = 상대가 더 받지 않아({ $to }) 그 세션의 모든 연결이 막혀 있습니다. 새 연결은 다른 세션을 씁니다
tunnel-goes-on = 다시 받아들여지고 있습니다: { $to }
tunnel-gave-up = 더 받지 않던 세션이 연결과 함께 끝났습니다: { $to }
tunnel-no-session = 세션이 없습니다: { $to } ({ $why })
tunnel-session-ended = 세션이 끝났습니다: { $to } ({ $why }) 다음 연결이 새 세션을 엽니다.
tunnel-reopened = 새 세션이 열렸습니다: { $to }
tunnel-one-at-a-time = 에이전트가 오래되어 한 번에 한 연결만 됩니다. 다음 연결은 기다립니다
tunnel-too-many-places = 연결을 거부했습니다: 최대 { $most }곳의 세션이 모두 열려 사용 중입니다
tunnel-no-socks = 로그인 없는 SOCKS5가 아닌 연결이 있었습니다
tunnel-forbidden = 에이전트가 전달하지 않는 주소입니다: { $to }
tunnel-not-accepted = 연결을 받을 수 없습니다: { $cause }
tunnel-over = 연결 { $connections }개, 보냄 { $sent }, 받음 { $received }
tunnel-lost = AWS와의 연결이 끊겨 재연결하는 중
tunnel-silent = 응답 없음
tunnel-up = 다시 연결됨

# EC2 Instance Connect Endpoint를 통한 터널
endpoint-ending = { $endpoint } 터널이 { $seconds }초 뒤에 끝납니다. 엔드포인트가 터널을 유지하는 시간은 최대 { $limit }초입니다. 다시 접속하면 새 터널이 열립니다.
over-endpoint-unsafe = AWS가 알려 준 호스트가 이 리전의 AWS 엔드포인트가 아니라 아무것도 보내지 않았습니다: { $endpoint }
over-endpoint-no-fips = FIPS를 쓰도록 설정되어 있지만 FIPS 호스트 이름이 없는 엔드포인트입니다: { $endpoint }. 일반 이름은 쓰지 않습니다
over-endpoint-no-fips-next = FIPS 이름이 있는 리전에 엔드포인트를 만들거나 use_fips_endpoint(AWS_USE_FIPS_ENDPOINT)를 끄세요
over-endpoint-unreachable = 엔드포인트에 연결할 수 없음: { $host }: { $words }
over-endpoint-unreachable-why = 방화벽이나 프록시가 막을 수 있습니다. 삭제된 엔드포인트는 이름도 없어집니다
over-endpoint-unreachable-next = 이 컴퓨터에서 연결을 허용하세요: { $host } 포트 443
over-endpoint-proxy = 프록시가 터널을 통과시키지 않음: { $host } ({ $words })
over-endpoint-proxy-next = HTTPS_PROXY를 확인하거나, NO_PROXY=.ec2-instance-connect-endpoint.REGION.amazonaws.com으로 그 호스트를 제외하세요
over-endpoint-timeout = 제때 응답하지 않음: { $host }
over-endpoint-timeout-why = WebSocket을 통과시키지 않는 프록시도 이렇게 보입니다
over-endpoint-timeout-next = 이 컴퓨터에서 연결을 허용하세요: { $host } 포트 443
over-endpoint-denied = AWS가 터널을 거부함: { $endpoint }, HTTP { $status }: { $words }
over-endpoint-denied-why =
    정책에 이 엔드포인트에 대한 ec2-instance-connect:OpenTunnel이 없거나, 다른 포트나 주소로 제한되어 있을 수 있습니다
    ec2-instance-connect:maxTunnelDuration을 요청한 시간({ $limit }초)보다 짧게 제한하는 정책도 터널을 거부합니다
over-endpoint-denied-next =
    권한 담당자에게 ec2-instance-connect:OpenTunnel 허용을 요청하세요
    시간 제한이 있다면: --tunnel-limit 10m, 또는 config.toml의 tunnel_limit
over-endpoint-expired = 자격 증명이 만료됨(HTTP { $status }): { $words }
over-endpoint-expired-next = 다시 로그인한 뒤 접속하세요
over-endpoint-signature = AWS가 서명을 받아들이지 않음(HTTP { $status }): { $words }
over-endpoint-signature-why = 시계가 1분 넘게 틀리면 서명이 무효가 됩니다
over-endpoint-signature-next = 이 컴퓨터의 시계를 맞춘 뒤 다시 접속하세요
over-endpoint-full = 엔드포인트가 터널을 더 받지 않음: { $endpoint }, HTTP { $status }: { $words }
over-endpoint-full-why = 엔드포인트 하나는 모든 사용자를 합쳐 동시에 최대 20개의 연결만 받습니다
over-endpoint-full-next = 필요 없는 터널을 끝내거나 잠시 뒤 다시 접속하세요
over-endpoint-gone = AWS에 없는 엔드포인트입니다: { $endpoint } ({ $words })
over-endpoint-gone-next = 목록을 새로 고치세요. 방금 삭제되었거나 다른 리전의 것입니다
over-endpoint-parameter = 엔드포인트가 포트나 주소를 받아들이지 않음: { $endpoint } ({ $words })
over-endpoint-parameter-why = 엔드포인트는 VPC에서 닿는 프라이빗 주소의 22번과 3389번 포트로만 이어집니다
over-endpoint-refused = 예상 밖의 응답: { $host }, HTTP { $status }: { $words }
over-endpoint-refused-why = 프록시나 로그인 포털처럼 AWS와의 사이에 있는 것이 응답했을 수 있습니다
over-endpoint-no-target = 엔드포인트({ $endpoint })에서 연결할 수 없음: { $target } 포트 { $port } ({ $words })
over-endpoint-no-target-why =
    보안 그룹: 인스턴스의 그룹은 엔드포인트의 그룹을 받아들이고, 엔드포인트의 그룹은 내보내야 합니다
    sshd(또는 원격 데스크톱)가 실행되지 않거나 포트가 다릅니다(포트 { $port })
    인스턴스가 아직 시작되는 중입니다
over-endpoint-no-target-next = 보안 그룹(포트 { $port })을 확인하고, 서비스가 실행 중인지 확인하세요
over-endpoint-ended = 엔드포인트 { $endpoint } 쪽에서 터널을 닫음({ $number }): { $words }
over-endpoint-time-over = 터널의 시간이 끝남: { $endpoint }, { $limit }초
over-endpoint-time-over-next = 다시 접속하세요. 더 긴 세션에는 Session Manager를 쓰세요
over-endpoint-broken = { $endpoint } 터널이 끊어짐: { $words }
over-endpoint-broken-next = 다시 접속하세요
over-endpoint-protocol = { $endpoint } 쪽에서 온 것이 터널이 아님: { $words }
over-endpoint-protocol-why = 프록시처럼 AWS와의 사이에 있는 것이 내용을 바꾸었을 수 있습니다
over-endpoint-silent = { $target } 포트 { $port }: { $number }초 동안 아무 응답이 없음: 터널은 열렸지만 이어지는 곳이 없습니다
over-endpoint-silent-why =
    보안 그룹이나 네트워크 ACL이 엔드포인트({ $endpoint })에서 보낸 것을 버립니다
    그 포트에서 sshd가 응답하지 않습니다
over-endpoint-silent-next = 보안 그룹(포트 { $port })을 확인하고, 서비스가 실행 중인지 확인하세요
