## cli

message-error = 오류
message-warning = 경고
message-why = 이유
message-next = 다음

# Failures of the command line: `error-<code>` says what happened, `-why` why, `-next` what to do.
# Commands, flags, keys and file names are not translated.
error-usage = 잘못된 사용법
# After a value that cannot be understood and that nobody typed.
usage-variable = 환경 변수에서 온 값입니다: { $variable }
error-output = 출력을 쓸 수 없습니다
error-config = 쓸 수 없는 설정 파일: { $path }
error-config-next = 고치거나, --config로 다른 파일을 지정하세요. 다시 확인: ec2dash config check
error-config-exists = 파일이 이미 있어 그대로 둡니다: { $path }
error-config-exists-next = 새로 만들려면 파일을 옮기세요.
error-config-unwritable = 쓸 수 없습니다: { $path } ({ $cause })
error-no-home = 이 사용자에게 홈 디렉터리가 없어 둘 곳이 없습니다.
error-no-home-next = HOME을 설정하거나, --config로 파일을 지정하세요.
error-log-file = 로그 파일을 쓸 수 없습니다: { $path } ({ $cause })
error-not-in-this-version = { $what }: 이 버전에 없습니다
error-not-in-this-version-next = 쓸 수 있는 것: ec2dash --help
error-no-terminal = 터미널이 아닙니다. `ec2dash ls`를 사용하세요.
error-runtime = 프로그램을 시작할 수 없습니다: { $cause }
error-no-demo = 이 빌드에는 데모가 없습니다. 시뮬레이션 클라우드 없이 만들어졌습니다.
error-no-demo-next = 데모가 있는 빌드를 사용하세요: cargo install --locked --path . (--no-default-features 없이)
error-sim = 시뮬레이션 클라우드를 시작할 수 없습니다: { $cause }
error-known-hosts = 호스트 키를 읽을 수 없습니다: { $cause }
error-known-hosts-unwritten = 다시 쓸 수 없습니다: { $path } ({ $cause })
error-known-hosts-unwritten-next = 쓸 때는 링크를 따라가지 않습니다. 링크가 가리키는 파일에서 그 줄을 지우세요.
error-host-key-unknown = 아는 호스트 키가 없습니다: { $target }
error-host-key-unknown-next = 아는 호스트 키 보기: ec2dash known-hosts list
error-host-keys-untold = 호스트 키를 알려 주는 곳이 없어 아는 키를 그대로 둡니다: { $target }
error-host-keys-untold-next = 다시 만든 인스턴스라면: ec2dash known-hosts forget { $id }
error-host-keys-same = AWS가 알려 주는 호스트 키가 아는 키와 같습니다: { $target }
error-host-keys-same-next = 다른 키는 이 인스턴스의 키가 아닙니다. 키를 출력한 뒤에 새로 만든 경우라면: ec2dash known-hosts forget { $id } 그리고 host_keys = "accept-new"로 한 번 로그인
error-host-keys-not-replaced = 확인이 없어 호스트 키를 그대로 둡니다: { $target }
error-host-keys-not-replaced-next = 스크립트에서는: --yes

error-filter-field = 없는 필터 필드입니다: { $field }
error-filter-field-next = 필드: name id state ssm iam via ip type az region account vpc subnet sg key image platform tag. 태그는 Key=Value로 씁니다.
error-filter-field-near = 없는 필터 필드입니다: { $field }. 비슷한 필드: { $nearest }
error-filter-field-near-next = 필드: name id state ssm iam via ip type az region account vpc subnet sg key image platform tag. 태그는 Key=Value로 씁니다.
error-filter-value = 없는 값입니다: "{ $value }" (필드: { $field })
error-filter-value-next = 쓸 수 있는 값: { $known }. 단어의 앞부분만 써도 됩니다.
error-filter-value-near = 없는 값입니다: "{ $value }" (필드: { $field }). 비슷한 값: { $nearest }
error-filter-value-near-next = 쓸 수 있는 값: { $known }. 단어의 앞부분만 써도 됩니다.
error-filter-saved = 저장된 필터가 없습니다: { $name }. 있는 필터: { $known }
error-filter-saved-next = 저장된 필터는 설정 파일의 [filters]에 있습니다. @로 시작하는 글은 따옴표로 묶으세요: "@text".
error-filter-saved-near = 저장된 필터가 없습니다: { $name }. 비슷한 필터: { $nearest }
error-filter-saved-near-next = 있는 필터: { $known }. 설정 파일의 [filters]에 있습니다.
error-filter-saved-none = 저장된 필터가 없습니다: { $name }. 설정 파일에 [filters]가 없습니다.
error-filter-saved-none-next = 설정 파일에 쓰세요. 예: prod-web = "env=prod Role=web". @로 시작하는 글은 따옴표로 묶으세요: "@text".
error-filter-circle = 저장된 필터가 자기 자신을 사용합니다: { $name }
error-filter-circle-next = 설정 파일의 [filters]에서 이름 하나를 빼세요.
error-filter-bar = "|"는 공백 없이 단어를 잇습니다: web|db
error-filter-bar-next = 글자 그대로의 "|"는 따옴표로 묶으세요.
error-filter-long = 필터의 단어가 천 개를 넘습니다.
error-filter-long-next = 줄이세요. 사용하는 저장된 필터의 단어도 셉니다.
error-filter-block = 10.0.0.0/16 같은 주소 블록이 아닙니다: { $field }
error-column = 없는 열입니다: { $name }
error-column-next = 열: { $all }, tag:KEY
error-column-near = 없는 열입니다: { $name }. 비슷한 열: { $nearest }
error-column-near-next = 열: { $all }, tag:KEY

error-no-profile-fits = 맞는 프로필이 없습니다: { $pattern }
error-no-profile-fits-next = 있는 프로필 보기: ec2dash profiles
error-one-profile = 프로필 하나만 쓰는 명령인데 { $count }개를 지정했습니다.
error-one-profile-next = 하나만 지정하세요: --profile 이름

error-target-empty = 인스턴스를 지정하지 않았습니다.
error-target-option = 없는 인스턴스입니다: "{ $target }". 대상은 "-"로 시작하지 않습니다.
error-target-ip = IP 주소가 아닙니다: "{ $target }"
error-target-tag = Key=Value 형식이 아닙니다: "{ $target }"
error-target-missing = 없는 인스턴스입니다: "{ $target }" (리전: { $regions })
error-target-missing-next = 있는 인스턴스 보기: ec2dash ls
    모든 리전에서 찾기: --region all
target-nodes-unread = 하이브리드 노드일 수도 있습니다. 그 목록을 읽지 못했습니다.
target-near-part = 대상은 이름 전체이거나 ID의 앞부분입니다. 이 글을 포함하는 이름:
target-near-part-next = 하나를 전체 이름으로 지정하거나 모두 보세요: ec2dash ls { $filter }
target-near-alike = 가장 비슷한 인스턴스:
target-near-alike-next = 있는 인스턴스 보기: ec2dash ls
target-near-start = ID의 앞부분은 "i-" 뒤 6자리 이상입니다. 쓸 수 있는 앞부분:
target-near-start-next = 여기 있는 만큼 입력하거나 모두 보세요: ec2dash ls { $filter }
target-near-address = 대상은 주소 전체입니다. 주소가 이렇게 시작하는 인스턴스:
target-near-address-next = 하나를 지정하거나 모두 보세요: ec2dash ls { $filter }
target-near-value = 이 태그에 이 값을 가진 인스턴스가 없습니다. 있는 값:
target-near-value-next = 이 태그가 있는 인스턴스 모두 보기: ec2dash ls { $filter }
target-near-more = … 외 { $count }개
error-target-ambiguous = 같은 이름의 인스턴스가 { $count }대입니다: "{ $target }"
error-target-ambiguous-next = ID로 지정하세요.
error-nothing-chosen = 아무것도 고르지 않았습니다.
error-no-last-target = 마지막 인스턴스가 아직 없습니다.
error-no-last-target-next = 지정하세요: ec2dash connect TARGET
error-favourite-none = 즐겨찾기가 아직 없습니다.
error-favourite-none-next = 대시보드에서 f 키로 표시하거나 설정 파일에 적으세요: favourites = ["bastion"]
error-favourite-missing = 그런 즐겨찾기가 없습니다: "{ $name }"
error-favourite-missing-next = 있는 것: { $favourites }
error-favourite-ambiguous = 이름이 같은 즐겨찾기가 여러 개입니다: "{ $name }"
error-favourite-ambiguous-next = 하나를 지정하세요: { $favourites }

error-list-denied = 인스턴스를 조회할 권한이 없습니다: { $action } 거부됨({ $principal }, 계정 { $account }).
error-not-confirmed = 연결하지 않았습니다: { $instance }. "confirm"으로 표시된 계정인데({ $account }) 확인이 없었습니다.
error-not-confirmed-next = --yes를 쓰거나, 터미널에서 질문에 답하세요.
error-ssh-option = ssh에 없는 옵션입니다: { $option }
error-ssh-option-next = "--" 뒤는 ssh의 것입니다: ssh의 옵션, 그다음 원격 명령.
error-mssh-no-target = 대상이 없습니다({ $program }): 인스턴스의 ID, 이름, DNS 이름 또는 주소를 주세요.
error-mssh-no-target-next = ec2dash { $program } --help
error-mssh-flag = { $program } 명령에도 그 뒤의 프로그램에도 없는 플래그입니다: { $flag }
error-mssh-no-value = { $program } 명령의 플래그에 값이 필요합니다: { $flag }
error-mssh-value = { $program } 명령의 { $flag } 값으로 쓸 수 없습니다: { $value }
error-mssh-too-much = { $program } 명령의 대상 뒤에는 아무것도 올 수 없습니다: { $word }
error-mssh-host = 이 컴퓨터에서 찾을 수 없는 이름입니다: { $host } ({ $cause })
mssh-no-address = 주소가 없음
error-reason-of-ssh = 접근 요청은 ssh가 아니라 Session Manager 셸을 위한 것입니다.
error-reason-of-ssh-next = 요청하세요: ec2dash connect { $target }{ AGAIN() } --method ssm --reason TEXT
error-record-method = 이 방법의 세션은 녹화할 수 없습니다({ $method }). 터미널이 OpenSSH의 것입니다.
error-record-method-next = Session Manager 셸을 녹화하세요: ec2dash connect { $id }{ AGAIN() } --method ssm --record FILE
error-record-exists = 연결하지 않았습니다: 이미 있는 파일이며 녹화는 아무것도 덮어쓰지 않습니다({ $path }).
error-record-exists-next = 아직 없는 파일을 지정하세요.
error-record-not-made = 연결하지 않았습니다: 녹화 파일을 만들 수 없습니다({ $path }): { $cause }
error-record-not-made-next = 쓸 수 있는 디렉터리의 파일을 지정하세요.
error-session-not-shown = 세션 출력의 일부를 표시하지 못했습니다. 쓸 수 없었거나, 2초 동안 받는 쪽이 없었습니다.
error-session-not-shown-next = 빠진 출력은 인스턴스에만 있습니다.
error-recording-incomplete = 녹화가 세션이 끝나기 전에 멈췄습니다: { $cause }
error-recording-incomplete-next = 디스크 공간을 늘리거나 다른 곳에 녹화하세요. 파일에 있는 부분은 재생할 수 있습니다.
push-failed = ssh가 로그인하는 동안 일회용 키를 다시 푸시하지 못했습니다: { $id }

# Beside the data, on stderr.
note-endpoint = 사용자 지정 엔드포인트 { $endpoint }
note-no-instances = 이 리전에 인스턴스가 없습니다. 다른 리전: --region R 또는 --region all
note-nothing-matches = 필터와 일치하는 것이 없습니다
note-no-favourites = 여기에는 즐겨찾기가 없습니다.
note-nothing-matches-word = 필터와 일치하는 것이 없습니다. 한 단어로 읽은 인수: { $word }. 여러 단어는 여러 인수로 쓰거나 한 줄로 쓰세요: --filter { $word }
note-forgotten = 호스트 키 { $count }개를 잊었습니다: { $id }. 다음 연결은 첫 연결처럼 확인합니다
note-config-written = 저장함: { $path }
warning-region = 빠진 리전: { $region } ({ $what })
warning-at = { $place }: { $what }
warning-access-denied = { $action } 거부됨. { $column } 열에 ?로 표시됩니다.
warning-access-denied-asked = { $action } 거부됨. { $column } 열에 ?로 표시됩니다. 필터가 그 열을 쓰므로 빠진 행이 있을 수 있습니다.
warning-throttled-asked = { $action } 요청 제한됨. { $column } 열에 ?로 표시됩니다. 필터가 그 열을 쓰므로 빠진 행이 있을 수 있습니다.
warning-timeout-asked = { $action } 응답 시간 초과. { $column } 열에 ?로 표시됩니다. 필터가 그 열을 쓰므로 빠진 행이 있을 수 있습니다.
warning-aws-error-asked = { $action } 실패{ $message ->
    [none] .
   *[other] {": "}{ $message }.
  } { $column } 열에 ?로 표시됩니다. 필터가 그 열을 쓰므로 빠진 행이 있을 수 있습니다.
warning-throttled = { $action } 요청 제한됨. { $column } 열에 ?로 표시됩니다.
warning-timeout = { $action } 응답 시간 초과. { $column } 열에 ?로 표시됩니다.
warning-aws-error = { $action } 실패{ $message ->
    [none] .
   *[other] {": "}{ $message }.
  } { $column } 열에 ?로 표시됩니다.
warning-rest-complete = 나머지는 완전합니다.
warning-repeated-page = 같은 페이지가 반복되었습니다: { $action } (리전: { $region }). 목록이 완전하지 않을 수 있습니다.
warning-without-nodes = 하이브리드 노드(mi-…)가 목록에 없습니다(리전: { $region }): { $action } { $why ->
    [access_denied] 거부됨
    [throttled] 요청 제한됨
    [timeout] 응답 시간 초과
   *[other] 실패
}. 설정 파일의 "hybrid" 설정으로 목록에서 뺄 수 있습니다.
warning-odd-id = 쓸 수 없는 ID의 인스턴스를 목록에서 뺐습니다: { $action } (리전: { $region }).
ls-no-place = 조회한 위치가 없습니다. 그중 하나: { $place }
ls-place-missing = { $count ->
    [1] 조회하지 못한 위치: { $place }. 다른 위치는 조회했습니다.
   *[other] 조회하지 못한 위치 { $count }곳, 첫 번째: { $place }. 다른 위치는 조회했습니다.
  }
places-count = 위치 { $count }곳
ls-no-region = 리전 { $count }개를 모두 조회하지 못했습니다. 그중 하나: { $region }
ls-region-missing = { $count ->
    [1] 조회하지 못한 리전: { $region }. 다른 리전은 조회했습니다.
   *[other] 조회하지 못한 리전 { $count }개, 첫 번째: { $region }. 다른 리전은 조회했습니다.
  }

# Questions.
ask-program = 실행할까요? y/N, 항상 허용은 a:
ask-mfa-code = MFA 코드 ({ $device }):
ask-mfa-code-digits = 코드는 숫자 여섯 자리입니다.
ask-which = 어느 것입니까? 번호를 입력하세요. 없으면 Enter:
ask-confirm = 연결할까요? { $instance }, 계정 { $account }, { $region } y/N

whoami-account = 계정
whoami-arn = ARN
whoami-user_id = 사용자 ID
whoami-profile = 프로필
whoami-region = 리전
whoami-expires = 만료
whoami-sign-in = 로그인
whoami-left = { $time } ({ $left } 남음)
whoami-renews = 스스로 갱신

config-checked = { $count ->
    [0] { $path }: 문제 없음
   *[other] { $path }: 사용 가능, 지적 사항 { $count }개
  }
config-absent = 파일이 없어 모든 설정이 기본값입니다: { $path }. 예제 만들기: ec2dash config init
config-jump-route = { $instance }: { $hosts } 경유
config-rule-applies = { $instance }: { $setting } = { $value } ({ $line }행의 규칙)
config-key = { $text }
config-no-rule = { $instance }: 적용되는 규칙 없음

show-methods = 접속 방법
show-tags = 태그
show-jump = 점프 호스트
show-login = 로그인
show-key = 키 파일
show-key-public-key = 공개 키로 찾음
show-key-fingerprint = 지문으로 찾음
show-key-agent = 에이전트에 있음
show-key-name = 파일 이름으로만 찾음
show-key-needs-passphrase = 암호 필요
show-key-needs-mode = 다른 사용자가 읽을 수 있음
show-key-needs-conversion = 메모리에서 변환
show-unchecked = 확인 안 함: { $what }
show-later = 이 버전에 없음
show-best = 최선

# Proxy and tunnels. What stands before the sentences on stderr is the local address.
error-proxy-silent = 입력이 끝난 뒤 { $seconds }초 동안 포트가 응답도 없고 닫히지도 않았습니다. 더 올 것이 있었을 수 있습니다.
error-proxy-silent-next = 응답을 다 받을 때까지 stdin을 열어 두세요.
error-proxy-undelivered = 세션이 끝나기 전에 { $bytes }바이트가 도착하지 못했습니다.
error-proxy-undelivered-next = 다시 시도하세요. 계속되면 인스턴스의 에이전트에 과부하가 있을 수 있습니다.
error-proxy-other-session = AWS-StartSSHSession과 다른 종류의 세션입니다: { $target }
error-proxy-other-session-next = 인스턴스의 에이전트를 업데이트하세요.
error-proxy-no-jump = 점프 호스트가 없습니다. 주소로 바로 닿는 sshd에는 프록시가 필요 없습니다: { $target }
error-proxy-no-jump-next = 점프 호스트를 지정하거나(--jump TARGET), ssm-ssh나 eice를 쓰세요.
error-proxy-no-address = 그런 주소가 없음: { $target }
error-proxy-no-address-next = 다른 주소를 지정하세요: --address ADDRESS
error-port-not-accepted = 연결을 받지 않는 포트: { $port } ({ $target })
error-port-not-accepted-next = 그곳의 서비스가 실행 중이고 localhost에서 수신 대기하는지 확인하세요. sshd라면: systemctl status ssh
error-proxy-not-dialled = 연결을 받지 않습니다: { $target }, { $address } ({ $cause })
error-proxy-not-dialled-next = 막는 것 보기: ec2dash doctor { $id }{ AGAIN() }
error-proxy-cut = 연결이 끊어졌습니다: { $target } ({ $cause })
error-proxy-cut-next = 다시 시도하세요. 계속되면 인스턴스의 sshd와 그 사이의 네트워크를 확인하세요: ec2dash connect TARGET --method ssm
error-agent-socket = 이 인스턴스의 키를 위한 소켓이 아닙니다: { $path }
error-agent-socket-next = ssh-config로 블록을 다시 쓰세요: ec2dash ssh-config --write FILE
error-agent-silent = 일회용 키를 보관하는 에이전트를 쓸 수 없습니다. 대상: { $target } ({ $cause })
error-agent-silent-next = 실행 중인지 보기: ec2dash agent --status
error-host-keys-not-laid = 알려진 호스트 키를 적어 둘 수 없습니다. 대상: { $target } ({ $cause })
error-host-keys-not-laid-next = 상태 디렉터리에 공간을 만들고, 나만 쓸 수 있게 하세요.
error-tunnel-nothing = 터널에는 PORT나 --socks PORT가 필요합니다.
error-tunnel-nothing-next = 예: ec2dash tunnel web-1 8080:80
  설정 파일의 터널: ec2dash tunnel @NAME
error-tunnel-not-saved = 설정 파일에 없는 터널입니다: { $name }
error-tunnel-not-saved-next = 있는 터널: { $names }
error-tunnel-none-saved = 설정 파일에 없는 터널입니다: { $name }. 저장된 터널이 하나도 없습니다.
error-tunnel-none-saved-next = 저장하세요: [tunnels.{ $name }]에 target = "…"과 forward = "[LOCAL:][HOST:]PORT"
error-tunnel-saved-and-more = { $name }: 전달할 것이 저장되어 있어 PORT나 --socks를 함께 쓸 수 없습니다.
error-tunnel-saved-and-more-next = 다른 터널은 두 번째 ec2dash tunnel로 여세요.
error-tunnel-saved-socket = { $name }: 소켓에서 수신 대기하므로 --bind를 쓸 수 없습니다.
error-tunnel-one-socket = --socket은 PORT 하나에만 쓸 수 있습니다.
error-tunnel-one-socket-next = 나머지는 두 번째 ec2dash tunnel로 여세요.
error-tunnel-socket-by-ssh = 포트로만 이어지는 방법입니다: { $method }. 인스턴스의 소켓({ $socket })에는 ssh로만 이어집니다.
error-tunnel-socket-by-ssh-next = ssh를 쓰는 방법(예: --method ssm-ssh)을 지정하거나, 지정하지 마세요.
error-method-no-tunnel = 다른 프로그램의 연결을 전달하지 않는 방법입니다: { $method }
error-method-no-tunnel-next = 여는 명령: ec2dash connect TARGET --method { $method }. 전달하는 방법은 ssm, ssm-ssh, eice, eic, ssh입니다.
error-tunnel-cannot-lead = 터널이 그곳으로 이어지지 않습니다: { $reason }.
error-tunnel-forbidden = 에이전트가 전달하지 않는 주소입니다: { $to }. 메타데이터, 링크 로컬, 그 밖의 루프백 주소는 막혀 있습니다.
error-tunnel-forbidden-next = 인스턴스 자신의 포트는 호스트 없이 PORT로, 또는 localhost, 127.0.0.1, [::1]로 쓰세요.
error-tunnel-port-taken = 다른 프로그램이 사용 중입니다: { $local }
error-tunnel-port-taken-next = 다른 포트나, 빈 포트를 뜻하는 0을 지정하세요: ec2dash tunnel TARGET 0:PORT
error-tunnel-socket-taken = 이미 있어 그대로 둡니다: { $local }
error-tunnel-socket-taken-next = 더 이상 쓰이지 않으면 지우세요.
error-tunnel-no-listener = 수신 대기할 수 없습니다: { $local } ({ $cause })
error-tunnel-no-listener-next = 다른 포트나 주소를 지정하세요. 1024 미만의 포트는 root만 쓸 수 있습니다.
tunnel-not-opened = 터널을 열 수 없음: { $target }
tunnel-shared-port = 다른 프로그램이 [::1]의 포트를 쓰고 있습니다({ $port }). localhost가 그곳으로 갈 수 있으니 127.0.0.1에 연결하세요
tunnel-open-to-others = { $local }: 다른 컴퓨터의 연결도 받습니다

# ssh-config, agent
error-ssh-config-not-ours = ec2dash ssh-config가 쓴 파일이 아니어서 그대로 둡니다: { $path }
error-ssh-config-not-ours-next = 새 파일을 지정하고 포함하세요: ec2dash ssh-config --write FILE --include
error-ssh-config-not-written = 쓸 수 없습니다: { $path } ({ $cause })
error-ssh-config-not-written-next = 쓸 수 있는 폴더의 파일을 지정하세요.
error-ssh-config-differs = 지금 쓸 내용과 다릅니다: { $path }
error-ssh-config-differs-next = --check 없이 같은 명령으로 다시 쓰세요.
error-ssh-config-path = 경로나 프로필의 이름에 줄바꿈이 있어 ssh_config의 줄에 담을 수 없습니다.
error-ssh-config-path-next = 다른 이름을 쓰거나, --profile로 다른 프로필을 고르세요.
error-ssh-config-not-included = ssh가 파일 하나의 이름으로 읽지 않는 경로입니다: { $path }
error-ssh-config-not-included-next = 글자, 숫자, 공백, /, -, _, 점만 있는 경로에 쓰세요.
error-ssh-config-no-yes = 줄을 더해도 되는지 물어볼 사람이 없습니다.
error-ssh-config-no-yes-next = 미리 동의하세요: --include --yes
error-ssh-config-not-confirmed = 그대로 두었습니다: { $config }
error-ssh-config-not-confirmed-next = 프로그램에 파일을 직접 알려 줄 수도 있습니다: ssh -F FILE
ask-replace-host-keys = 아는 키 대신 AWS가 알려 주는 키를 둘까요? { $target } [y/N]
ask-ssh-config-overwrite = ec2dash ssh-config가 쓴 파일이 아닙니다: { $path }. 덮어쓸까요? [y/N]
ask-ssh-config-include = 맨 위에 줄을 넣을까요? { $config }: { $line } (원래 파일의 사본이 옆에 남습니다) [y/N]
ssh-config-written = { $path }: 블록 { $count }개를 썼습니다
ssh-config-same = { $path }: 블록 { $count }개, 바뀐 것이 없습니다
ssh-config-stopped = 실행 중이 아니어서 블록이 없는 인스턴스: { $count }대
ssh-config-nameless = ID로만 찾을 수 있는 인스턴스: { $count }대(이름이 겹치거나 호스트 이름이 될 수 없음)
ssh-config-included = 맨 위에 줄을 넣었습니다: { $config }, { $line }
ssh-config-included-already = 이미 파일을 포함하고 있습니다: { $config }
ssh-config-backup = 원래 내용의 사본: { $path }
error-form-of-ls = Ansible 인벤토리는 ls만 출력합니다.
error-form-of-ls-next = ec2dash ls -o ansible
error-list-of-ansible = --list와 --host는 Ansible이 인벤토리 스크립트에 묻는 것입니다.
error-list-of-ansible-next = ec2dash ls -o ansible --list
error-agent = 에이전트를 쓸 수 없습니다: { $cause }
error-agent-next = 실행 중인지 보기: ec2dash agent --status
agent-none = 실행 중인 에이전트가 없습니다.
agent-stopped = 에이전트를 끝냈습니다.
agent-there = 에이전트가 이미 실행 중입니다.
agent-serves = 에이전트가 시작되었습니다. 저절로 끝나며, Ctrl-C로도 끝납니다.
agent-runs = 에이전트가 실행 중입니다(프로세스 { $process }). 보관 중인 키: { $count }개

# exec
error-exec-many-by-ssh = 여러 인스턴스에서는 SSM Run Command로 실행하므로 로그인을 고를 수 없습니다.
error-exec-many-by-ssh-next = 인스턴스 하나를 지정하거나, --method, --user, --identity, --port, --address, --ssh-config를 빼세요.
error-exec-no-stdin = ssh가 없으면 stdin도 없습니다. 명령 세션에는 stdin이 없습니다.
error-exec-no-stdin-next = < /dev/null로 빼거나, ssh에 키를 주세요: ec2dash exec --identity FILE
error-exec-timed-out = 명령이 { $seconds }초 안에 끝나지 않았습니다.
error-exec-timed-out-next = 여기서 끊었으며, 그곳에서 계속되는지는 알 수 없습니다. 더 오래 기다리려면: --timeout
error-exec-one-is-raw = 한 인스턴스에서는 명령의 출력이 그대로 지나가므로 쓸 수 없는 플래그입니다: { $flag }
error-exec-one-is-raw-next = 빼거나, SSM Run Command로 root로 실행하세요: ec2dash exec --filter id:i-… -o json -- CMD
error-exec-batch-file = 배치 파일입니다: { $program }. cmd가 인수를 자기 방식으로 다시 해석합니다.
error-exec-batch-file-next = 그쪽 셸의 명령줄 한 단어로 쓰세요: ec2dash exec TARGET -- '{ $program } …'
error-exec-windows-too-long = 너무 긴 명령입니다. Windows의 명령줄은 8,191자까지이고, 인수는 길이의 세 배 가까이를 차지합니다.
error-exec-windows-too-long-next = 스크립트를 복사해서 실행하세요: ec2dash cp
error-exec-windows = Windows에는 명령 세션에 쓸 /bin/sh가 없습니다: { $id }
error-exec-windows-next = 셸을 여세요: ec2dash connect { $id }{ AGAIN() }
error-exec-agent-too-old = SSM Agent가 오래되었습니다: { $id }, 버전 { $version } (명령 세션에는 최소 { $least })
error-exec-agent-too-old-next = 에이전트를 업데이트하거나, ssh에 키를 주거나(ec2dash exec --identity FILE), Run Command로 root로 실행하세요: ec2dash exec --filter id:{ $id } -- CMD
exec-by-session = 쓸 수 있는 키의 ssh가 없어 명령 세션을 사용합니다: stdin 없음, stdout과 stderr는 하나로, 끝난 뒤 표시
exec-code-unknown = 명령의 종료 코드를 알 수 없습니다.
exec-interrupted = 그곳에서 중단했습니다. 출력은 끝날 때 옵니다. Ctrl-C를 한 번 더 누르면 기다리지 않고 나갑니다
exec-may-go-on = 명령이 그곳에서 계속되는지 알 수 없습니다.
exec-plan-session = ssm:StartSession { $id } ({ $document }): sh -c { $script }
error-connect-no-terminal = connect는 셸을 여는 명령인데, 입력할 터미널이 없습니다.
error-connect-no-terminal-next = 터미널 없이 명령 하나를 실행하려면: ec2dash exec { $target }{ AGAIN() } -- CMD
exec-by-run-command = 인스턴스 { $count }대에서 SSM Run Command로 실행합니다. root로, 로그인 없이 실행됩니다.
error-exec-nowhere = 인스턴스를 지정하지 않았습니다.
error-exec-nowhere-next = 이름을 적거나 골라 지정하세요: ec2dash exec --filter 'env=prod' -- CMD
error-exec-nothing-matches = 일치하는 인스턴스가 없습니다.
error-exec-nothing-matches-next = 있는 인스턴스 보기: ec2dash ls
error-exec-list-incomplete = 모든 인스턴스를 조회하지 못했습니다: { $action } (리전: { $region })
error-exec-list-incomplete-why = 전체 목록이 없으면 명령이 어디서 실행될지 알 수 없어 아무것도 보내지 않았습니다.
error-exec-list-incomplete-next = 다시 시도하거나, 인스턴스를 직접 지정하세요.
error-exec-fact-unknown = 필터가 쓰는 정보를 알 수 없습니다: { $field } ({ $action })
error-exec-fact-unknown-why = 이 정보가 없으면 명령이 어디서 실행될지 알 수 없어 아무것도 보내지 않았습니다.
error-exec-fact-unknown-next = 필터에서 빼거나({ $field }, 이것에 달린 via도), 권한을 요청하세요: { $action }
error-exec-last = "-"는 다른 대상과 함께 쓸 수 없습니다.
error-exec-last-next = ID나 이름으로 지정하세요.
error-exec-read-only = 명령 실행이 꺼져 있습니다(read_only).
error-exec-read-only-next = 무엇을 할지만 보기: --dry-run
error-exec-not-confirmed = 실행하지 않았습니다: "confirm"으로 표시된 계정에 인스턴스 { $count }대가 있는데({ $account }) 확인이 없었습니다.
error-exec-not-confirmed-next = --yes를 쓰거나, 터미널에서 질문에 답하세요.
ask-exec = root로 실행할까요? 인스턴스 { $count }대, 계정 { $account } ({ $names }) y/N
exec-region-missing = 조회하지 못한 리전이 있어({ $region }) 명령이 어디서 실행될지 알 수 없으므로 아무것도 보내지 않았습니다.
exec-progress = { $total }대 중 { $ended }대 끝남, { $running }대 실행 중, { $failed }대 실패
exec-cut = [AWS는 이 출력을 여기까지만 보관합니다]
exec-cancelling = 계정에서 취소하는 중: { $commands }. 한 번 더 누르면 바로 나갑니다.
exec-cancelled = { $count }대에서 취소됨
exec-left = 기다리지 않고 나갑니다. AWS가 끝낼 때까지 계정에서 계속되는 명령: { $commands }
exec-left-nothing = 기다리지 않고 나갑니다
exec-left-sending = 하나를 더 보내던 중이라 실행될 수 있습니다({ $region }). 주석으로 찾으세요: aws ssm list-commands --region { $region } --query "Commands[?Comment=='{ $comment }'].[CommandId,Status]"
exec-not-cancelled = 취소되지 않고 계속됩니다: { $command } ({ $what }) 실행되는 동안 다시 시도합니다.
exec-untold = AWS가 모든 인스턴스의 출력을 다 알려 주지 않았습니다. 아래는 목록이 주는 만큼(2,500자)입니다. { $what }
exec-trouble = AWS를 기다리는 중: { $what }
exec-plan = ssm:SendCommand AWS-RunShellScript, root로 인스턴스 { $count }대, 호출 { $calls }번, 한 번에 { $parallel }대씩:
    { $script }
exec-title-name = 이름
exec-title-id = ID
exec-title-status = 상태
exec-title-exit = 코드
exec-title-time = 시간
exec-title-says = 출력

login-open = 로그인하려면 이 링크를 여세요. 호스트: { $host }, SSO 세션: "{ $session }"
login-compare = 페이지에 이 코드가 보여야 합니다.
login-done = 로그인했습니다. SSO 세션: "{ $session }"
login-leads = 시작 URL: { $from }, 이어지는 곳: { $to }
login-fell-back = 브라우저가 이 컴퓨터로 돌아올 수 없어 코드를 비교하는 방식으로 로그인합니다.
login-lingering = 아직 기다리는 중입니다. 페이지에 "invalid grant"가 보이면 sso_region 값이 틀렸을 수 있습니다: { $region }
login-page-title = 로그인했습니다
login-page-body = ec2dash가 스스로 이어갑니다. 이 페이지는 닫아도 됩니다.
logout-done = 로그아웃했습니다: { $session }
logout-not-told = 로그인 정보를 이 컴퓨터에서 지웠지만 AWS에 알리지 못했습니다. 복사본이 있다면 아직 쓸 수 있습니다: { $session }
logout-nobody = 로그인한 세션이 없습니다.
logout-stays = 열려 있는 세션과 이미 발급된 자격 증명은 자체 만료 시각까지 유효합니다.
ask-start-url = 시작 URL(예: https://corp.awsapps.com/start):
ask-sso-region = IAM Identity Center의 리전({ $url }):
sso-asking = SSO 세션 "{ $session }": 계정 { $count }개의 역할을 묻는 중. 초당 10개, { $seconds }초가 걸립니다.
profiles-would-write = 덧붙일 파일은 { $path }, 내용:
profiles-written = 프로필 { $count }개를 덧붙였습니다: { $path }
profiles-nothing-new = 덧붙일 것이 없습니다. 모든 역할의 프로필이 이미 있습니다: { $path }
profiles-left-out = { $name } 같은 위치 { $count }개는 뺐습니다. 모든 AWS 도구가 파일에서 그 이름을 읽지는 못합니다.
ask-profiles-write = 프로필 { $count }개를 덧붙일까요? 파일: { $path } y/N

error-profiles-no-yes = 여기서는 물어볼 사람이 없어 프로필을 쓰지 않았습니다.
error-profiles-no-yes-next = 먼저 확인한 뒤(ec2dash profiles --sso): --write --yes
error-profiles-not-confirmed = 파일은 그대로입니다: { $path }
error-profiles-not-written = 파일을 바꿀 수 없습니다: { $path }: { $cause }
error-profiles-not-written-next = 문제를 고친 뒤 다시 시도하세요. 파일에 있던 내용은 그대로입니다.

error-no-such-sso-session = 없는 SSO 세션입니다: "{ $session }"
error-no-such-sso-session-why = ~/.aws/config에도 없고, 여기서 시작 URL로 로그인한 적도 없습니다.
error-no-such-sso-session-next = 시작 URL로 로그인하세요: ec2dash login --start-url URL --sso-region REGION

error-which-sso-session = SSO 세션이 여러 개인데 프로필을 지정하지 않았습니다.
error-which-sso-session-why = 세션: { $sessions }
error-which-sso-session-next = 하나를 지정하세요: ec2dash login --session NAME 또는 --profile P

error-no-start-url = 로그인할 SSO 세션이 없습니다.
error-no-start-url-next = 회사의 시작 URL을 지정하세요: ec2dash login --start-url URL --sso-region REGION

error-no-sso-region = IAM Identity Center의 리전이 없거나 리전이 아닙니다.
error-no-sso-region-next = 시작 URL을 준 사람에게 물어본 뒤 지정하세요: --sso-region REGION

# Just-in-time node access
ask-access-reason = 요청을 받아 세션을 허용하는 계정이라면 접근을 요청할 수 있습니다. 이유(Enter: 요청하지 않음):
ask-access-reason-length = 이유는 1자 이상 256자 이하입니다.
access-request-waits = 접근을 요청했습니다({ $id }). 결정을 기다립니다. Ctrl-C를 누르면 기다리지 않습니다.
access-request-found = 전에 만든 접근 요청의 결정을 기다립니다({ $id }). Ctrl-C를 누르면 기다리지 않습니다.
access-request-over = 그 요청은 더 쓸 수 없습니다.
access-request-approved = 접근 요청이 승인되었습니다: { $id }
access-request-left = 기다리기만 멈췄습니다. 접근 요청은 그대로 있습니다.
error-access-request-impossible = 접근을 요청할 수 없습니다: { $target }
error-access-request-impossible-why = 이 계정이 적시(just-in-time) 노드 접근을 쓰지 않거나, 이 인스턴스에 맞는 정책이 없습니다.
error-access-request-impossible-next = 관리자에게 ssm:StartSession 권한이나 이 인스턴스에 맞는 정책을 요청하세요.
error-access-request-rejected = 접근 요청이 거절되었습니다: { $id }
error-access-request-rejected-next = 승인 담당자에게 물어보거나 다른 이유로 다시 요청하세요: --reason TEXT
error-access-request-revoked = 접근 요청이 승인된 뒤 취소되었습니다: { $id }
error-access-request-revoked-next = 다시 요청하세요: --reason TEXT
error-access-request-expired = 접근 요청의 기한이 지났습니다: { $id }
error-access-request-expired-next = 다시 요청하세요: --reason TEXT
error-access-request-pending = 30분 동안 접근 요청이 결정되지 않았습니다: { $id }
error-access-request-pending-next = 승인 담당자에게 알리고 다시 요청하세요: --reason TEXT

# 엔드포인트
error-endpoint-port = 엔드포인트는 22번과 3389번 포트로만 이어집니다(요청한 포트: { $port }).
error-endpoint-port-next = 다른 포트는 Session Manager로: ec2dash tunnel
error-endpoint-not-up = { $target } 상태: { $state }
error-endpoint-none-such = 이 리전에 없는 엔드포인트입니다: { $endpoint }
error-endpoint-none-such-next = 목록: aws ec2 describe-instance-connect-endpoints
error-endpoint-none = VPC에 EC2 Instance Connect Endpoint가 없습니다: { $target } ({ $vpc })
error-endpoint-none-next = 만들기: aws ec2 create-instance-connect-endpoint --subnet-id SUBNET
  이 인스턴스에 닿는 다른 VPC의 엔드포인트: --endpoint ID
error-endpoint-unusable = { $target }: 이어지는 엔드포인트가 없습니다: { $endpoints }
error-endpoint-unusable-next = 생성이 끝나기를 기다리거나 새로 만드세요
error-endpoint-family = 주소 유형이 맞지 않는 엔드포인트입니다: { $endpoint } ({ $type }), 이 주소: { $address }
error-endpoint-no-address = 프라이빗 { $wanted } 주소가 없습니다: { $target }
endpoint-request = AWS의 요청 ID: { $id }

pane-lost = 이 창을 연 대시보드에 남은 작업이 없습니다: { $why }
hold = Enter를 누르면 닫힙니다.

# doctor
doctor-best = 최선의 접속 방법: { $method }. ec2dash connect { $id }
doctor-best-as = 최선의 접속 방법: { $method } (사용자 { $login }). ec2dash connect { $id }
doctor-no-best = 작동한다고 알려진 접속 방법이 없습니다.
doctor-last-resorts = 작동한다고 알려진 셸이 없습니다. 이름을 지정하면 되는 방법: { $methods }
doctor-fix = 조치
computer-lists = { $region } 리전에서 응답함: { $action }
computer-keys = 프라이빗 키 파일 { $files }개, 에이전트의 키 { $agent }개
computer-key-open = 다른 사용자가 읽을 수 있어 ssh가 거부함: chmod 600 { $word }
computer-no-proxy = 프록시 설정 없음
computer-proxy = AWS 호출에 쓰는 프록시: { $proxy }
doctor-tests = 시험: { $what }
error-doctor-from-twice = --from에 같은 종류의 주소가 둘 있습니다. 두 번째: { $address }
error-doctor-from-twice-next = IPv4와 IPv6 주소를 하나씩만 지정하세요
error-doctor-from-nobody = 인스턴스에는 이 주소에서 패킷이 오지 않습니다: { $address }
error-doctor-from-nobody-next = AWS에서 보이는 주소를 지정하세요: --from 203.0.113.9
error-doctor-form = doctor는 사람이 읽는 형식이나 -o json만 출력합니다.
error-doctor-form-next = ec2dash doctor TARGET -o json

# policy
error-form-of-policy = AWS CLI 명령줄과 Terraform은 policy만 출력합니다.
error-form-of-policy-next = ec2dash policy connect-eic -o cli
error-policy-user = --user는 키를 보내는 정책에만 씁니다: connect-eic, connect-eice, connect-ssm-ssh.
error-policy-user-next = ec2dash policy connect-eic --user ec2-user
error-policy-tag = --tag는 인스턴스에 접속하는 정책에만 씁니다.
error-policy-tag-next = ec2dash policy connect-ssm --tag team=payments
error-policy-regions = 정책은 한 리전이나 모든 리전에 대한 것입니다.
error-policy-regions-next = ec2dash policy connect-ssm --region eu-west-1
error-policy-too-long = 정책이 IAM의 한도인 6,144자를 넘습니다.
error-policy-too-long-next = 사용자를 줄이거나 정책을 나누세요
error-policy-form = 정책은 JSON, AWS CLI 명령줄, Terraform으로 출력합니다.
error-policy-form-next = ec2dash policy read -o terraform
error-policy-account = deny-ssh-over-ssm과 agent는 연결된 계정 어디에서나 적용됩니다. --account는 다른 정책에만 씁니다.
error-policy-account-next = ec2dash policy deny-ssh-over-ssm
