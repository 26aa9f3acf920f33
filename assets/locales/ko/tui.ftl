## tui

# Spans and ages
span-seconds = { $count }초
span-minutes = { $count }분
span-hours = { $count }시간
span-day = { $count }일
span-days = { $count }일
span-ago = { $span } 전

# Title
demo-mark = DEMO – 가상 데이터이며, AWS 호출도 전송도 없습니다
demo-word = DEMO
endpoint-mark = ! 엔드포인트 { $endpoint }
title-count = { $total }대 중 { $shown }대
title-count-short = { $shown }/{ $total }
title-updated = { $ago } 갱신
row-old = { $time } 기준, { $age } 전 데이터
row-old-short = { $age } 전 데이터
cache-damaged = 저장된 목록을 쓸 수 없습니다(손상됨): { $place }. 새로 만듭니다.
cache-other-version = 저장된 목록이 다른 버전의 ec2dash 것입니다: { $place }. 새로 만듭니다.
cache-others-file = 저장된 목록을 쓰지 않습니다(다른 사용자가 쓸 수 있었음): { $place }.
title-places = 위치 { $count }곳
title-profiles = 프로필 { $count }개
hint-mark = 표시
hint-mark-twice = 두 번: 표시
title-regions = 리전 { $count }개

# Bars
page-instances = 인스턴스
page-tunnels = 세션
page-problems = 문제
sorted-by = 정렬 { $column } { $arrow }
sorted-by-fit = 일치도순
bar-finding = 맞는 장소를 찾는 중: { $pattern }
bar-opening = AWS 파일을 읽는 중
bar-loading-nothing-yet = 불러오는 중: { $region }
bar-loading = 불러오는 중: { $region }, 인스턴스 { $instances }대
bar-loading-ssm = SSM { $total }대 중 { $count }대
bar-loading-ssm-so-far = SSM { $count }대
bar-throttled-first = ! AWS가 요청을 제한합니다. 다음 시도: { $next } 후.
bar-throttled = ! AWS가 요청을 제한합니다. { $age } 전 데이터입니다. 다음 시도: { $next } 후.
banner-old = { $time } 데이터를 표시합니다({ $age } 전).
banner-next = { $key }: 다시 시도.
slow = EC2 응답을 기다리는 중: { $region } ({ $waited }).
slow-keys = { $stop }: 중단, { $again }: 다시 시도.
too-small = 너무 작음: { $size }. 최소 크기: { $least }.
interrupt-again = 2초 안에 Ctrl-C를 한 번 더 누르면 끝냅니다.
stopped-asking = 중단했습니다. 읽은 데이터는 그대로입니다.
no-shell = ec2dash를 다시 불러올 셸이 없습니다.
no-row = 선택한 인스턴스가 없습니다.
not-in-this-version = 이 버전에 없음

# What AWS does not tell
gap-access-denied = { $action } 거부됨.
gap-throttled = { $action } 요청 제한됨.
gap-timeout = { $action } 응답 시간 초과.
gap-failed = { $action } 실패.
gap-unasked = { $action } 응답을 기다리지 않았습니다.
gap-undecided = { $action } 확인 안 함.
gap-ssm = SSM 열에 ?로 표시됩니다.
gap-ssm-kept = SSM 열에는 { $age } 전 정보가 표시됩니다.
gap-iam = IAM 열에 ?로 표시됩니다.
gap-iam-kept = IAM 열에는 { $age } 전 정보가 표시됩니다.
gap-via = 일부 접속 방법은 알 수 없습니다.
gap-via-kept = VPC 정보는 { $age } 전 정보입니다.
gap-paths = 일부 접속 방법은 이 정보 없이 판단합니다.
gap-paths-kept = VPC 경로는 { $age } 전 정보입니다.
gap-image = 일부 로그인 이름은 추측입니다.
gap-image-kept = 이미지 이름은 { $age } 전 정보입니다.
gap-key-pair = 프라이빗 키를 파일 이름으로 찾습니다.
gap-key-pair-kept = 키 페어는 { $age } 전 정보입니다.
hidden-access-denied = { $action } 거부됨
hidden-throttled = { $action } 요청 제한됨
hidden-timeout = { $action } 응답 시간 초과
hidden-failed = { $action } 실패
hidden-unasked = { $action } 응답을 기다리지 않음
hidden-undecided = 정책만으로는 알 수 없음(확인 방법: { $action })

# Filter

# Hints: a key stands before each
hint-connect-menu = 연결
hint-filter = 필터
hint-details = 세부 정보
hint-copy = 복사
hint-profile = 프로필
hint-region = 리전
hint-sort = 정렬
hint-refresh = 새로 고침
hint-help = 도움말
hint-quit = 끝내기
hint-keep = 유지
hint-clear = 지우기
hint-cancel = 취소
hint-close = 닫기
hint-complete = 완성
hint-group = 묶기
hint-show = 표시
hint-earlier = 왼쪽
hint-later = 오른쪽
hint-reset = 초기화
hint-palette = 명령
hint-search = 찾기
hint-next-hit = 다음
hint-previous-hit = 이전
hint-choose = 선택
hint-user = 사용자
hint-use = 사용
hint-use-profile = 사용, 필요하면 로그인
hint-copy-command = 명령 복사
hint-json = JSON
hint-fields = 필드
hint-yes = 예
hint-no = 아니요
hint-always = 항상
hint-problems = 자세히

# Preview
preview-connect = 연결
preview-iam = IAM
preview-tags = 태그
preview-key = 키 { $key }
preview-groups = 보안 그룹 { $groups }
preview-up = 가동 { $span }
preview-iam-none = 인스턴스 프로파일 없음
preview-iam-set = 인스턴스 프로파일: { $name } (역할은 아직 확인 안 함)
preview-iam-ok = 역할: { $name } (SSM Agent에 필요한 권한 있음)
preview-iam-no-ssm = 역할: { $name } (SSM 권한 없음). AmazonSSMManagedInstanceCore를 연결하세요.
preview-iam-no-role = 인스턴스 프로파일: { $name } (역할 없음)
word-best = 최선
word-yes = 예
word-off = 꺼짐

# Texts in place of rows
body-loading = 불러오는 중: { $region }
body-stopped = 읽은 데이터가 없습니다.
body-stopped-next = { $key }: AWS에 조회.
body-asking = 프로필이 실행하려는 프로그램이 허용되지 않았습니다. 프로필: { $profile }
body-asking-next = { $key }: 다른 프로필 선택.
body-empty = 인스턴스가 없습니다. 리전: { $regions }, 계정: { $account }
body-empty-nowhere = 인스턴스가 없습니다. 리전: { $regions }
body-empty-next = { $key }: 다른 리전 선택.
body-empty-elsewhere = { $key }: 다른 리전 선택. 이 계정의 인스턴스가 있는 리전: { $regions }.
body-nothing-matches = 일치하는 인스턴스가 없습니다: "{ $filter }". 필터가 { $total }대를 숨기고 있습니다.
body-nothing-matches-next = { $key }: 필터 지우기.
body-no-profile = 기본 프로필이 없고, 선택한 프로필도 없습니다.
body-no-profile-next = { $key }: 프로필 선택.
body-no-region = 프로필에 리전이 설정되지 않았습니다. 프로필: { $profile }
body-no-region-nowhere = 리전이 설정되지 않았습니다.
body-no-region-also = 리전이 있는 프로필: { $profiles }
body-no-region-next = { $key }: 리전 선택. 선택은 이 프로필에 기억됩니다.
body-other-profile = { $profile }: 다른 프로필 선택. { $again }: 다시 시도.

# Connect picker
picker-title = 연결: { $instance }
picker-user = 사용자 { $user } ({ $source })
picker-user-value = { $user } ({ $source })
picker-jump = 점프 호스트 { $jump }: { $why }
jump-for-group = 그룹이 허용됨
jump-for-address = 주소가 허용됨
jump-for-no-exposure = 열린 포트 없음
jump-for-public = 주소로 닿음
jump-for-name = 이름이 점프 호스트
jump-for-zone = 같은 영역
jump-against-open = 22번 포트가 모두에게 열림
jump-against-short-lived = 곧 사라질 수 있음
jump-against-production = 운영 서비스 중
picker-user-field = 사용자
picker-port = 포트 { $port }
picker-account = 계정 { $account }
picker-profile = 프로필 { $account }
picker-also = { $key }: 이 인스턴스를 함께 나열하는 다른 프로필로 보기: { $profile }
picker-no-profile = 프로필 없는 자격 증명
picker-endpoint = { $endpoint } 경유, 지금 만든 키나 내 키로
picker-host-key-console = 콘솔로 확인한 호스트 키
picker-host-key-agent = Session Manager로 확인한 호스트 키
picker-host-key-first = 처음 연결할 때 받은 호스트 키, 확인한 적 없음
picker-host-key-asked = 첫 연결: AWS에 호스트 키를 물음
picker-host-key-none = 첫 연결: 호스트 키를 그대로 받음
picker-unchecked = 확인 안 함: { $items }
user-typed = 입력함
not-a-login = 로그인 이름이 아님
way-refused = { $method }: { $why }
way-fix = 다음: { $fix }
field-causes = 막는 것
instance-left = AWS 목록에 더 이상 없는 인스턴스입니다.

# Questions
program-title = 자격 증명
program-runs = 프로필이 프로그램에서 자격 증명을 받습니다. 프로필: { $profile }, 프로그램: { $program }
program-runs-through = 프로필이 다른 프로필의 프로그램에서 자격 증명을 받습니다. 프로필: { $profile } → { $of }, 프로그램: { $program }
program-question = 실행할까요?
confirm-title = 연결할까요?
confirm-jump = 점프 호스트 { $jump } 경유:
confirm-account = 계정 { $account }
confirm-login = { $method }, 로그인: { $user }, 주소: { $address }
confirm-method = { $method }
confirm-question = 연결할까요? y/N
anyway-title = 문제가 있는 접속 방법
anyway-what = { $name }, 방법 { $method }:
anyway-question = 그래도 시도할까요? y/N

# Sessions
session-exit = 세션이 끝났습니다: { $name }. 종료 코드 { $code }, 시간 { $span }.
session-over-after = 세션이 끝났습니다: { $name } ({ $span }). { $what }.
session-failed-title = 세션 실패
refused-title = 연결 안 함

# Copying
copy-title = 복사
copy-title-many = 복사: { $count }대
copied = 터미널 클립보드로 보냄: { $what } { $text }
copied-lines = 터미널 클립보드로 보냄: { $what }, { $count }줄
copied-output = 출력
copied-outputs = 모든 출력
output-title = 결과를 새 파일에 쓰기
output-written = 저장함: { $path }
output-unwritten = 저장하지 못함: { $path }: { $why }
output-is-there = 이미 있는 파일입니다. 다른 이름을 쓰세요
results-nothing = 일치하는 항목이 없습니다.
hint-write = 파일로
hint-copy-all = 모두 복사
copied-id = ID
copied-name = 이름
copied-private-ip = 프라이빗 IP
copied-public-ip = 퍼블릭 IP
copied-command = 명령
copied-json = JSON
copied-fix = 해결 명령
copied-arn = ARN
copied-console = 콘솔 링크
copied-address = 주소
nothing-to-copy = 복사할 것이 없습니다.

# Switcher
switcher-profile = 프로필
switcher-region = 리전
switcher-to-regions = 입력하면 검색, { $key }: 리전
switcher-to-profiles = 입력하면 검색, { $key }: 프로필
switcher-running = { $count }대 실행 중
switcher-nothing = 일치하는 항목이 없습니다.
switcher-off = 활성화 안 됨
switcher-opt-in = 옵트인
switcher-all = all
switcher-all-why = 활성화된 모든 리전
kind-keys = 액세스 키
kind-sso = SSO { $session }
kind-sso-unnamed = SSO
kind-login = aws login
kind-role = 역할, 원본 프로필 { $source }
kind-process = 프로그램 실행: { $program }
kind-other = 기타 자격 증명
standing-valid = ✓ 로그인됨, { $left } 남음
standing-renews = ✓ 로그인됨, 스스로 갱신
standing-ended = ✗ 로그인 만료 { $ago }
standing-none = ✗ 로그인 안 됨
standing-problem = ✗ 사용할 수 없음
standing-program = ? 선택할 때만 실행
standing-listed = { $ago } 확인
standing-mfa = ? MFA 코드 필요

# Sort, problems, help, first run
sort-title = 정렬 기준
problems-title = 문제
problems-none = 문제가 없습니다.
help-title = 도움말: 인스턴스
help-title-panes = 도움말: 파일
help-title-picker = 도움말: 접속 방법
help-title-details = 도움말: 세부 정보
help-title-copy = 도움말: 복사
help-title-columns = 도움말: 열
help-title-question = 도움말: 질문
help-title-refused = 도움말: 호스트 키
help-title-tunnels = 도움말: 터널
help-move = 이동
help-look = 보기
help-do = 실행
help-digits = 진단: 문제 해결
help-marks-states = 표시    ● 실행 중  ○ 중지됨  ◐ 시작 중  ◑ 중지 중  × 종료됨
help-marks-facts = { "        " }✓ 가능  ✗ 불가  ! 주의  ? 알 수 없음  – 없음
help-via-works = 가능
help-via-problem = 가능, 주의할 점 있음
help-via-unknown = 알 수 없음
help-via-none = 없음
theme-title = 색상
theme-without-colour = 여기서는 색상을 쓰지 않습니다: NO_COLOR 또는 --color
welcome-title = ec2dash
welcome-promise = ec2dash는 계정을 읽기만 하며, 요청하고 확인하기 전에는 아무것도 바꾸지 않습니다.
welcome-any-key = 아무 키나 누르면 계속

# Fields of an instance
field-state = 상태
field-private-ip = 프라이빗 IP
field-public-ip = 퍼블릭 IP
field-ipv6 = IPv6
field-type = 유형
field-az = 가용 영역
field-region = 리전
field-account = 계정
field-profile = 프로필
field-platform = 플랫폼
field-image = AMI
field-user = 로그인
field-key = 키 페어
field-vpc = VPC
field-subnet = 서브넷
field-groups = 보안 그룹
field-launched = 시작 시각
field-iam = IAM
field-ssm = SSM
field-spot = 스팟
field-managed-by = 관리 주체
field-metadata = 메타데이터
field-tags = 태그
details-iam-none = 인스턴스 프로파일 없음
details-iam-set = 인스턴스 프로파일: { $profile } (역할은 아직 확인 안 함)
details-iam-no-role = 인스턴스 프로파일: { $profile } (역할 없음)
details-iam-ok = 인스턴스 프로파일: { $profile }, 역할: { $role } (SSM Agent에 필요한 권한 있음)
details-iam-no-ssm = 인스턴스 프로파일: { $profile }, 역할: { $role } (SSM 권한 없음)
details-ssm-agent = 에이전트 { $version }
details-kept = 확인: { $when }, 그 뒤: { $why }
details-ssm-heard = 마지막 응답: { $when }

# Keys of the settings
keys-unknown-command = [keys]: 없는 명령입니다: { $command }
keys-unknown-command-near = [keys]: 없는 명령입니다: { $command }. 비슷한 이름: { $nearest }
keys-unknown-key = [keys]: { $command }: 없는 키입니다({ $key })
keys-taken = [keys]: { $command }: 이미 쓰이는 키입니다({ $key }, 명령 { $by }). 둘 다 기본 키를 유지합니다
keys-no-quit = [keys]: quit에는 키가 있어야 합니다. 기본 키를 유지합니다

# Starting and ending
start-no-terminal = 터미널이 아닙니다. `ec2dash ls`를 사용하세요.
crashed = ec2dash가 비정상 종료되어 세션도 끝났습니다. 보고서: { $report } (비밀 정보 없음). 이슈에 첨부하세요.
crashed-without-report = ec2dash가 비정상 종료되어 세션도 끝났습니다. { $what }
denied-listing = 인스턴스를 조회할 권한이 없습니다: ec2:DescribeInstances 거부됨({ $who }, 계정 { $account }).
notice-repeated-page = 같은 페이지가 반복되었습니다: { $action }. 목록이 완전하지 않을 수 있습니다.
notice-odd-id = 쓸 수 없는 ID의 인스턴스를 목록에서 뺐습니다: { $action }.
window-title = ec2dash: { $place }
no-credentials-yet = 자격 증명이 아직 준비되지 않았습니다.
connecting = 연결 중: { $name }, 방법 { $method }.
connecting-given-up = 연결을 그만두었습니다: { $name }.
session-moved = 주소가 바뀌었습니다: { $from } → { $to }.
session-not-described = 인스턴스를 다시 조회하지 못했습니다: { $why } 목록의 주소를 사용합니다.
session-no-known-hosts = 파일이나 상태 디렉터리에 쓸 수 없어 새 호스트 키를 저장할 수 없습니다. 이미 아는 호스트 키는 확인합니다.
session-key-passphrase-wrong = 암호 문구가 세 번 틀렸습니다: { $path }
session-key-passphrase-unasked = 암호 문구가 필요한 키이지만 여기서는 물어볼 수 없습니다: { $path }
session-key-damaged = 손상된 키입니다: { $path }
session-key-unsupported = 여기서 쓸 수 없는 종류의 키입니다: { $path }
session-key-too-much-work = 암호 문구를 확인하는 데 메모리나 시간을 너무 많이 요구하는 키입니다: { $path }
session-key-unopened-next = 터미널에서 접속하거나 OpenSSH 형식으로 바꾸세요: puttygen { $word } -O private-openssh -o { $word }.openssh
session-key-unasked-next = 터미널에서 접속하거나, 미리 ssh-agent에 키를 넣으세요: ssh-add { $word }
session-key-unasked-putty-next = 터미널에서 접속하거나, 미리 ssh-agent에 키를 넣으세요: puttygen { $word } -O private-openssh -o { $word }.openssh && ssh-add { $word }.openssh
ask-passphrase = 암호 문구({ $path }):
ask-passphrase-again = 암호 문구가 다릅니다. 암호 문구({ $path }):
ask-key-mode = 다른 사용자가 읽을 수 있어 ssh가 거부하는 키입니다: { $path }. 본인만 읽도록 할까요(chmod 600)? [y/N]
plan-open-key = { $path }: 여기서 메모리로 읽어 전용 에이전트로 ssh에 제공
key-mode-title = 키 파일
key-mode-why = 다른 사용자가 읽을 수 있는 키라서 ssh가 거부합니다: { $path }
key-mode-question = 본인만 읽게 할까요(chmod 600)? y/N
session-host-keys-unreadable = 아는 호스트 키를 읽을 수 없어 상대를 확인할 수 없습니다: { $path } ({ $cause })
session-host-keys-unreadable-next = 읽을 수 있는 파일로 바꾸세요. 파일을 옮기면 모든 호스트를 처음 만나는 것으로 봅니다.
session-host-key-unchecked = 호스트 키를 확인하지 못해 처음 본 키를 받습니다: { $id } ({ $why })
session-host-keys-twice = 콘솔에 이전 시작 때의 다른 호스트 키도 있습니다. 마지막 것을 따릅니다: { $id }
session-host-key-untold-next = 콘솔을 읽을 수 있게 하거나(ec2:GetConsoleOutput) 에이전트를 온라인으로 두세요. [connect]에 host_keys = "verify"를 두면 처음 본 키를 한 번 받습니다.
untold-console-nothing = 콘솔에 호스트 키가 없음
untold-console-cut = 콘솔의 호스트 키가 잘려 있음
untold-console-contradictory = 콘솔의 호스트 키가 서로 맞지 않음
untold-console-old-ssh = 콘솔에 지문만 있음. ssh가 지문을 비교하려면 OpenSSH 8.5 이상이 필요함
untold-console-late = 콘솔을 제때 읽지 못함
untold-console-aws = 콘솔을 읽을 수 없음: { $why }
untold-agent-nothing = 에이전트가 /etc/ssh에서 호스트 키를 찾지 못함
untold-agent-late = 에이전트가 제때 알려 주지 않음
untold-agent-aws = 에이전트에 물을 수 없음: { $why }
untold-agent-session = 에이전트에 물을 수 없음 ({ $code })
host-keys-kept = 아는 키: { $fingerprints }
host-keys-told-console = 지금 콘솔이 알려 주는 키: { $fingerprints }
host-keys-told-agent = 지금 에이전트가 알려 주는 키: { $fingerprints }
host-keys-told-twice = 콘솔에 이전 시작 때의 다른 키도 있습니다. 마지막 것을 따릅니다
host-keys-told-by-fingerprint = 지문만 있습니다. 다음 로그인 때 지문과 비교합니다
host-keys-asked = AWS에 호스트 키를 묻는 중: { $name }
host-keys-title = 호스트 키
host-keys-question = 아는 키 대신 AWS가 알려 주는 키를 둘까요? y/N
hint-replace-host-key = 새 키 읽기
note-host-keys-replaced = 이제 AWS가 알려 주는 호스트 키를 씁니다: { $id }
session-not-started = 연결 안 함: { $what }
session-not-running = 인스턴스의 현재 상태: { $state }.
session-address-gone = 인스턴스에 더 이상 그 주소가 없습니다.
session-local-failure = { $what } 실패: { $why }

# Selected rows and commands on them
title-selected = { $count }개 선택
title-selected-short = { $count } 선택
select-range = { $key }: 여기서 그곳까지 선택.
hint-select = 선택
hint-exec = 실행
hint-run = 실행
hint-output = 출력
hint-cancel-command = 명령 취소
hint-close-goes-on = 닫기(계속 실행)
hint-last-results = 이전 결과
command-title = 인스턴스 { $count }대에서 실행
command-title-one = 실행: { $instance }
command-how = ssm:SendCommand AWS-RunShellScript: root로 /bin/sh, 한 번에 10대씩. 입력은 받지 않습니다.
command-not-sent = 보내지 않음: { $name } ({ $why })
command-not-sent-more = 그 밖에 { $count }대에도 보내지 않음
command-head-name = 이름
command-head-status = 상태
command-head-exit = 코드
command-head-time = 시간
command-head-says = 출력
command-title-some = 인스턴스 { $total }대 중 { $count }대에서 실행
command-lines = { $count }줄
command-more-lines = … 외 { $count }줄
command-nobody = 보낼 수 있는 인스턴스가 없습니다. 이유는 아래에 있습니다.
command-others = 보내지 않는 인스턴스 { $count }대
hint-others = 나머지
command-succeeded = { $total }대 중 { $count }대 완료
command-failed = { $total }대 중 { $count }대 실패
command-failing = { $count }대 실패
command-cancelled = { $count }대 취소됨
command-unreached = 도달하지 못함: { $count }대
command-left-open = 응답 없음: { $count }대
command-unsent = { $count }대 보내지 않음
command-cancelling = 취소 중
command-not-cancelled = 취소하지 못함: { $what }
command-untold = [나머지는 알 수 없음: { $what }]
paste-cut = 붙여 넣은 내용의 일부만 들어갔습니다. 필드에는 탭 없는 한 줄만 들어갑니다.
command-dropped = 붙여 넣은 내용이 모두 들어가지 않아 실행하지 않습니다. { $most }자까지, 제어 문자는 탭과 줄 바꿈만 들어갑니다. Ctrl-U로 지우세요.
command-cut = [AWS는 이 출력을 여기까지만 보관합니다]
command-says-nothing = 출력이 없습니다.
command-ended = 명령이 끝났습니다: { $sums }.
command-confirm-title = 실행할까요?
command-confirm = root로 인스턴스 { $count }대에서 실행:
command-confirm-question = 실행할까요? y/N
command-quit-title = 명령이 실행 중입니다
command-quit = 인스턴스 { $count }대에서 명령이 끝나지 않았습니다. ec2dash를 끝내도 계정에서는 계속됩니다.
command-quit-question = 명령을 둔 채 끝낼까요? y/N

# Tunnels
hint-tunnel = 터널
hint-tunnels = 터널
hint-end = 끊기
hint-copy-address = 주소 복사
hint-back = 뒤로
hint-open = 열기
hint-next-field = 다음 필드
tunnel-title = 터널: { $instance }
tunnel-port = 포트
tunnel-host = 호스트
tunnel-local = 로컬 포트
tunnel-way = 방법
tunnel-way-empty = Session Manager, 또는 ssm-ssh, eice, eic, ssh
tunnel-way-session = Session Manager
tunnel-way-ssh = ssh를 쓰는 최선의 방법
tunnel-not-a-way = 그곳으로 이어지는 방법이 아닙니다: "{ $typed }". 가능한 방법: { $ways }
tunnel-port-empty = 그곳의 포트(예: 5432)나 소켓(예: /var/run/docker.sock)
tunnel-host-empty = 인스턴스 자신, 또는 그 뒤의 호스트(예: db.internal)
tunnel-local-empty = 같은 번호
tunnel-local-any = 비어 있는 아무 포트
tunnel-how = 이 컴퓨터의 프로그램이 로컬 포트에 연결하면 Session Manager나 지정한 방법으로 그곳의 포트에 전달됩니다.
tunnel-will-lead = 연결될 경로: { $local } → { $to } ({ $way }).
tunnel-will-lead-any = 연결될 경로: 127.0.0.1의 빈 포트 → { $to } ({ $way }).
tunnel-leads = 터널이 열렸습니다: { $local } → { $to }.
tunnel-leads-to-port = { $name } 포트 { $port }
tunnel-leads-behind = { $to } ({ $name } 경유)
tunnel-leads-to-socket = 소켓 { $socket } ({ $name })
tunnel-leads-anywhere = 모든 목적지({ $name } 경유, SOCKS5)
tunnel-saved = 저장된 터널
tunnel-saved-line = { $local } → { $to }
tunnel-saved-any = 빈 포트
tunnel-no-port = 인스턴스의 포트를 1~65535의 숫자로 입력하세요.
tunnel-not-a-port = 포트가 아닙니다: "{ $typed }". 1~65535의 숫자로 입력하세요.
tunnel-not-a-local-port = 포트가 아닙니다: "{ $typed }". 1~65535의 숫자나, 빈 포트를 뜻하는 0을 입력하세요.
tunnel-not-a-host = 호스트가 아닙니다: "{ $typed }". 이름이나 IP 주소를 입력하세요.
tunnel-not-a-forward = [LOCAL:][HOST:]PORT나 [LOCAL:]/SOCKET 형식이 아닙니다: "{ $typed }". 예: 15432:5432, 5432:db.internal:5432, 2375:/var/run/docker.sock
tunnel-forbidden-host = 에이전트가 전달하지 않는 주소입니다: { $typed }.
tunnel-port-taken = 이미 사용 중입니다: { $local }. 다른 로컬 포트나, 빈 포트를 뜻하는 0을 지정하세요.
tunnel-port-of-root = root만 쓸 수 있습니다: { $local }. 1024 이상의 로컬 포트나, 빈 포트를 뜻하는 0을 지정하세요.
tunnel-socket-taken = 이미 있어 그대로 둡니다: { $local }. 더 이상 쓰이지 않으면 지우세요.
tunnel-no-listener = 수신 대기할 수 없습니다: { $local } ({ $cause })
tunnel-target-missing = 목록에 없는 인스턴스입니다: { $target }.
tunnel-target-ambiguous = 목록에 같은 이름의 인스턴스가 여럿입니다: { $target }.
tunnel-confirm-title = 터널을 열까요?
tunnel-confirm-question = 터널을 열까요? y/N
tunnel-not-opened-title = 터널 없음
tunnel-not-opened-what = 터널을 열 수 없습니다: { $target }.
tunnel-closed = 닫혔습니다: { $local }
tunnel-ended = 닫혔습니다: { $local } ({ $what }).
tunnel-is-over = 이 터널은 끝났습니다.
tunnel-end-title = 터널을 끊을까요?
tunnel-end-open = 열려 있는 연결: { $count }개({ $local }).
tunnel-end-question = 터널을 끊을까요? y/N
tunnel-state-opening = 여는 중
tunnel-state-up = 연결됨
tunnel-state-silent = 무응답 { $span }
tunnel-state-lost = 재연결 { $span }
tunnel-state-refused = 거부됨
tunnel-state-resting = 사용 시 열림
tunnel-state-ending = 끊는 중
tunnel-method = ssm (Session Manager)
tunnel-connections = { $open }개 열림, 지금까지 { $connections }개, 거부 { $refused }개
tunnel-connections-line = 연결: { $what }
tunnel-traffic = 보냄 { $sent }, 받음 { $received }
tunnel-field-state = 상태
tunnel-field-local = 수신 주소
tunnel-field-to = 목적지
tunnel-field-target = 인스턴스
tunnel-field-place = 계정
tunnel-field-method = 방법
tunnel-field-since = 시작
tunnel-field-connections = 연결
tunnel-field-traffic = 전송량
tunnels-ending = 터널을 끊는 중입니다. Ctrl-C를 누르면 기다리지 않고 놓습니다.
tunnels-count = 터널 { $count }개
tunnels-head-kind = 종류
tunnels-head-target = 대상
tunnels-head-method = 방법
tunnels-head-from = 로컬
tunnels-head-since = 시간
tunnels-head-traffic = 전송량
tunnels-head-state = 상태
tunnels-kind-forward = 터널
tunnels-kind-socks = socks
tunnels-none = 열린 세션과 터널이 없습니다.
tunnels-none-how = { $instances }: 인스턴스 목록으로 이동. 인스턴스에서 { $tunnel }: 터널 열기.
tunnels-none-others = 이 대시보드의 터널과 다른 ec2dash 프로그램의 세션, 터널이 여기에 표시됩니다.
tunnels-none-saved = 설정 파일에 저장된 터널 { $count }개를 대화 상자에서 고를 수 있습니다.
quit-tunnels-title = 끝낼까요?
quit-tunnels = 터널 { $count }개가 열려 있습니다.
quit-tunnels-too = 터널 { $count }개가 열려 있습니다. 끝내면 함께 끊깁니다.
quit-tunnels-question = 터널 { $count }개를 끊고 끝낼까요? y/N
quit-question = 끝낼까요? y/N

# Plain mode
plain-begin = 일반 텍스트 모드입니다(설정됨: { $reason }). 도움말은 ?를 입력하세요.
plain-begin-without-term = 일반 텍스트 모드입니다(TERM이 설정되지 않음). 도움말은 ?를 입력하세요.
plain-error = 오류: { $what }
plain-still-loading = 불러오는 중입니다, { $seconds }초.
plain-rows = 인스턴스 { $total }대 중 { $first }~{ $last }번.
plain-rows-of = 인스턴스 { $shown }대 중 { $first }~{ $last }번. 필터가 { $hidden }대를 숨기고 있습니다.
plain-rows-grouped = 인스턴스 { $shown }대, 묶음 기준: { $group }. { $lines }행 중 { $first }~{ $last }번.
plain-group = 묶음: { $group }, 인스턴스 { $count }대.
plain-group-folded = 묶음: { $group }, 인스턴스 { $count }대, 접힘. open으로 펼칩니다.
plain-more = 다음 인스턴스는 more를 입력하세요.
plain-private = 프라이빗 { $ip }
plain-public = 퍼블릭 { $ip }
plain-ssm = SSM { $word }
plain-via = 연결 방법 { $method }
plain-via-problem = 연결 방법 { $method }(문제 있음)
plain-via-unknown = { $method } 가능 여부를 알 수 없음
plain-no-way = 쓸 수 있는 접속 방법을 모름
plain-selected = 선택됨
plain-chosen = { $what } (현재 선택)
plain-works = 가능
plain-fails = 불가
plain-no-such-number = 없는 번호입니다: { $number }
plain-held = 목록을 불러오는 중입니다. 끝나면 바로 실행합니다.
plain-not-understood = 여기서는 알 수 없는 입력입니다: "{ $typed }". 도움말은 ?를 입력하세요.
plain-help-number = 번호를 입력하면 목록의 인스턴스를 고릅니다. 번호와 명령을 함께 쓰면 바로 실행합니다: 7 connect.
plain-help-filter = 명령이 아닌 단어는 목록을 거릅니다. / 뒤의 단어도 같고, /만 쓰면 모두 표시합니다. 빈 줄은 목록을 다시, more는 다음을 표시합니다.
plain-help-command = 명령이나 키의 이름은 대시보드와 같은 일을 합니다: connect, details, copy, exec, tunnel, profile, region, Esc, quit.
plain-help-dialog = 고르는 곳에서는 번호를 입력하세요. 번호와 명령을 함께 쓸 수도 있습니다: 2 end-tunnel. 글을 쓰는 곳에서는 글을 입력하세요. 빈 줄은 Enter이고, Tab, Up, Down, Esc는 단어로 입력합니다.
plain-help-search = 세부 정보 같은 글에서는 / 뒤에 단어를 쓰면 그 단어가 있는 줄을 알려 줍니다. n과 N은 다음 줄과 이전 줄, Esc는 검색을 끝냅니다.
plain-help-end = quit를 입력하거나 입력을 끝내면(Ctrl-D) 나갑니다.

## Favourites

favourite-added = 즐겨찾기에 넣어 맨 위에 둡니다: { $name }
favourite-removed = 즐겨찾기에서 뺐습니다: { $name }
favourite-of-config = config.toml의 즐겨찾기입니다. 그 파일에서 빼세요: { $name }
only-favourites = ★ 즐겨찾기만
body-no-favourites = 여기 있는 인스턴스 { $total }대 가운데 즐겨찾기가 없습니다.
body-no-favourites-next = { $key } 키를 누르면 모든 인스턴스가 보입니다.
body-no-favourites-how = 그다음 { $key } 키를 누르면 커서가 있는 인스턴스가 즐겨찾기가 됩니다.

## Looking for something in a text

search-nothing = 없음
search-count = { $count }곳
search-at = { $count }곳 중 { $at }

## Esc while the first list is on its way

stop-loading-title = 불러오기를 중단할까요?
stop-loading-what = 아직 표시된 것이 없습니다.
stop-loading-question = AWS의 응답을 그만 기다릴까요?

## The commands by their names

palette-title = 명령
palette-nothing = 그런 이름이 없습니다.
palette-sort = 정렬: { $column }
palette-theme = 테마: { $theme }
palette-go-to = 이동

## The page in AWS's console

link-title = AWS 콘솔
link-opening = AWS 콘솔에서 엽니다: { $name }
link-unknown = AWS 콘솔의 주소를 알 수 없는 리전입니다: { $region }
link-no-display = 여기에는 브라우저를 띄울 화면이 없습니다. 링크:
link-no-opener = 이 컴퓨터에 없는 프로그램입니다: { $opener }. 링크:
link-failed = 링크를 열지 못한 프로그램: { $opener }. 링크:
link-copies = { $menu } { $item } 키를 누르면 복사합니다.

## The columns

columns-title = 열
columns-none = 열이 하나는 있어야 합니다.

## The settings file was changed

settings-taken = config.toml이 바뀌어 지금부터 적용합니다.
settings-kept = config.toml { $what } 이전 설정을 그대로 씁니다.

## Groups

group-title = 묶기 기준
group-none = 묶지 않음
group-tag = 태그 { $tag }
group-without = (없음)
group-count = 인스턴스 { $count }대 중 { $shown }대 표시.
group-keys = { $fold } 키로 접거나 펴고 { $select } 키로 모두 선택합니다.
grouped-by = 묶음: { $column }

## The mouse

mouse-on = 마우스를 켰습니다.
mouse-off = 마우스를 껐습니다.
mouse-selects = Shift+드래그로 텍스트 선택

## What other processes hold open

running-shell = 셸
running-proxy = 프록시
running-pid = pid { $process }
running-up = ● 연결됨
running-process = 연 프로세스: { $process }
running-dashboard = 다른 대시보드의 것입니다. 거기에서 끝내세요. 프로세스: { $process }
running-end-title = 끝낼까요?
running-end-what = { $target } · { $kind } · 프로세스 { $process }
running-end-question = 그 프로세스와 함께 끝낼까요?

# Signing in
mfa-title = MFA 코드
mfa-how = 숫자 여섯 자리
mfa-offer = { $key }: 코드 입력
sign-in-offer = { $key }: 다시 로그인(브라우저가 열리고, 비교할 코드가 표시됩니다).
sign-in-offer-short = { $key }: 다시 로그인.
sign-in-not-needed = 여기서는 로그인할 필요가 없습니다.
sign-in-ends = ! SSO 세션 "{ $session }" 로그인 만료까지 { $left }.
sign-in-title = SSO 세션 "{ $session }" 로그인
sign-in-title-unknown = 로그인
sign-in-asking = AWS에 로그인할 곳을 묻는 중 …
sign-in-open = 이 페이지를 열고 코드가 같은지 확인하세요. 페이지: { $page }, 코드: { $code }
sign-in-open-here = 이 컴퓨터의 브라우저에서 계속하세요: { $page }
sign-in-waiting = 기다리는 중, { $left } 남음.
sign-in-copies = { $key }: 링크 복사.
sign-in-cancels = { $key }: 취소.
sign-in-failed-title = 로그인하지 못했습니다
copied-link = 링크

# A session that has to be asked for.
access-offer = { $key } 이유를 적어 접근을 요청합니다.
access-offer-known = { $key } 전에 만든 접근 요청으로 계속합니다: { $id }
access-not-denied = 요청할 수 있는 거부된 세션이 없습니다.
access-title = 접근 요청: { $name }
access-why = AWS가 세션을 거부했습니다. 요청을 받아 세션을 허용하는 계정이라면, 승인 담당자가 이유를 읽습니다.
access-reason = 이유
access-asking = AWS에 묻는 중 …
access-waiting = 요청의 결정을 { $waited } 동안 기다리는 중입니다({ $id }).
access-then = 승인되면 세션이 시작됩니다. 나가면 기다리기만 멈추고 요청은 그대로 있습니다.
access-ended-title = 요청으로도 세션 없음
hint-ask = 요청
first-why = AWS 자격 증명을 찾지 못했고 프로필도 없습니다. 찾아본 곳: 환경 변수, ~/.aws/config, ~/.aws/credentials, 컨테이너, 인스턴스 메타데이터.
first-sign-in = 로그인
first-sign-in-what = 회사의 시작 URL(IAM Identity Center)로 브라우저에서 로그인
first-profile = 프로필
first-profile-none = 프로필 선택. 아직 ~/.aws/config에 없음
first-profile-what = 있는 프로필 중에서 선택
first-demo = 데모
first-demo-what = 가상의 데이터로 대시보드 보기: AWS 호출 없음, 아무것도 보내지 않음
start-url-title = 회사에 로그인
start-url-label = 시작 URL
start-url-empty = 예: https://corp.awsapps.com/start
start-url-region = 리전
start-url-region-empty = IAM Identity Center의 리전, 예: eu-central-1
start-url-how = 권한을 준 사람이 둘 다 알고 있습니다. 시작 URL은 계정을 고르는 페이지입니다. ~/.aws/config에는 아무것도 쓰지 않습니다.
start-url-not-one = 시작 URL이 아닙니다: { $typed }. https://와 호스트로 시작해야 합니다.
start-url-not-a-region = 리전 이름이 아닙니다: { $typed }
hint-sign-in = 로그인
switcher-none = 아직 프로필도 SSO 세션의 장소도 없습니다.
no-credentials-next = { $sign-in }: 브라우저로 로그인, { $profile }: 프로필 선택.

## Sessions beside the dashboard

panes-off = 대시보드 옆에 세션을 여는 기능이 꺼져 있습니다: [panes]의 use = "none".
panes-nowhere = O는 tmux, zellij, kitty, WezTerm, iTerm2 안에서 쓸 수 있습니다.
panes-elsewhere = 대시보드가 [panes]에 적힌 것 안에서 실행되고 있지 않습니다: { $wanted }
panes-kitty = kitty.conf에 allow_remote_control과 listen_on이 있어야 합니다.
panes-too-many = 세션 { $count }개는 한 번에 너무 많습니다. { $most }개까지 열 수 있습니다.
panes-title = 세션 { $count }개: { $host }
panes-more = 외 { $count }개
panes-opening = 세션 { $count }개 여는 중: { $host }
panes-not-opened = 열지 못했습니다({ $host }): { $why }
hint-together = 함께 입력

# 진단
hint-doctor = 이유
hint-again = 다시
hint-copy-fix = 조치 복사
hint-test-ways = 시험
test-ways-title = 접속 방법을 시험하시겠습니까?
doctor-page-best = 최선의 접속 방법: { $method }
doctor-page-best-as = 최선의 접속 방법: { $method } (사용자 { $login })
doctor-asking = 묻는 중 …
doctor-checked = { $age } 확인
doctor-tried = { $age } 시도했으나 안 됨: { $what }
doctor-no-fix = 명령으로 고칠 것이 없습니다.
