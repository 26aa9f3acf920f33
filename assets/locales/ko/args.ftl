## args: the help of the command line, whose English stands beside the declarations in src/cli/args

# Headings
heading-usage = 사용법
heading-commands = 명령
heading-arguments = 인수
heading-options = 옵션
heading-everywhere = 모든 명령에서
heading-examples = 예
heading-default = 기본값
heading-values = 가능한 값

# The program
command-ec2dash = EC2 인스턴스에 접속하기: 대시보드와, 그 기능마다 하나씩의 명령
command-ec2dash-before =
    예:
      ec2dash                                       대시보드 열기
      ec2dash --demo                                가상 회사로 열기
      ec2dash ls env=prod state:running             목록
      ec2dash connect web-1                         최선의 방법으로 셸 열기
      ec2dash ls -o csv --columns name,id > x.csv   다른 프로그램에 넘기기
command-ec2dash-after = 명령이 없으면 대시보드가 열립니다. 명령 하나의 설명은 "ec2dash help COMMAND", 전체 설명은 --help에 있습니다.
command-ec2dash-after-long =
    명령이 없으면 대시보드가 열립니다.

    TARGET: ID(i-…), 이름, ID의 앞부분(16진수 6자리 이상), 주소, DNS 이름, tag:KEY=VALUE, 즐겨찾기를 뜻하는 @NAME, 또는 마지막에 연결한 인스턴스를 뜻하는 -. tunnel에서 @NAME은 먼저 설정 파일의 터널입니다.

    FILTER의 단어는 모두 맞아야 합니다: web, !web, state:running, ssm:online, iam:none, via:eic, ip:10.0.3., ip:10.0.0.0/16, type:c6i.*, az:2a, Role=web(태그), "두 단어".

    "모든 명령에서"의 플래그마다 환경 변수가 있습니다(--log-file이면 EC2DASH_LOG_FILE). 비밀 값을 받는 플래그는 없습니다.

# Commands
command-ls = 인스턴스 목록
command-show = 인스턴스 하나의 모든 필드와 태그, 모든 접속 방법과 막는 이유
command-doctor = 접속 방법마다 되는 이유나 안 되는 이유: 확인한 모든 규칙과 조치
command-doctor-after = 접속 방법이 하나라도 되면 종료 코드 0, 하나도 안 되면 6. --test 없이는 아무것도 열지 않고, --fix 없이는 아무것도 바꾸지 않습니다. --from이 없으면 사용자의 주소에 달린 것은 알 수 없음으로 남습니다. --fix가 바꾼 것은 "ec2dash fixes"로 보고 "ec2dash undo"로 되돌립니다.
command-fixes = 진단의 조치가 바꾼 것의 목록: 언제, 누가, 무엇이 남았는지
command-undo = 확인을 받고 조치를 실행된 만큼 되돌리기
command-undo-after = 그 뒤에 다른 누군가가 바꾼 것은 그대로 두고 보여 줍니다.
command-policy = 필요한 만큼만 허용하는 IAM 정책 출력: 관리자가 만들 것
command-policy-after = AWS에 묻지 않고 아무것도 만들지 않습니다. --region, --account, --tag가 없으면 모두에 대한 것입니다.
flag-policy-name = 무엇을 허용하거나 거부하는지
flag-policy-user = 보낸 키로 로그인할 수 있는 사용자(connect-eic, connect-eice, connect-ssm-ssh). 여러 번 지정 가능
flag-policy-tag = 이 태그가 있는 인스턴스만
flag-policy-account = 이 계정만
command-connect = 최선의 방법으로 셸 열기
command-ssh = ec2dash의 접속 방법과 호스트 키로 OpenSSH 실행
command-mssh = AWS의 mssh와 같은 사용법: EC2 Instance Connect의 일회용 키로 ssh 실행. mssh라는 이름으로도
flag-mssh-words = AWS mssh의 플래그(-t ID, -u PROFILE, -r REGION, -z ZONE, -d) 또는 ssh의 플래그, 대상, 원격 명령
flag-msftp-words = { flag-mssh-words }
command-msftp = AWS의 msftp와 같은 사용법: EC2 Instance Connect의 일회용 키로 sftp 실행. msftp라는 이름으로도
command-tunnel = 이 컴퓨터의 포트를 Session Manager로 인스턴스나 그 뒤의 호스트에 전달
command-proxy = stdin과 stdout을 인스턴스의 포트에 연결: ssh, scp, rsync, git의 ProxyCommand용
command-cp = 인스턴스와 파일을 주고받거나, 인스턴스끼리 복사
command-cp-after = 첫 콜론 앞에 /가 없으면 TARGET:PATH는 인스턴스의 경로이고, ./a:b는 이 컴퓨터의 파일입니다. PATH는 그대로 쓰입니다. 셸이 읽지 않으며 *도 특별하지 않습니다. 중단된 복사는 지금까지의 것을 대상 옆에 .ec2dash-part로 끝나는 이름으로 남기며, --resume이 이어 갑니다.
command-files = 이 컴퓨터와 인스턴스의 파일 창 두 개에서 선택하고 복사. 대시보드에서는 m
command-sync = 인스턴스의 폴더를 이 컴퓨터의 것과 같게, 또는 그 반대로 만듦
command-sync-after = DST는 SRC 안에 들어가는 것이 아니라 SRC와 같아집니다. 크기와 시각이 같은 것은 그대로 두고, 권한과 시각을 유지합니다. --delete가 없으면 아무것도 제거하지 않습니다.
command-exec = 명령 실행: 한 대면 ssh나 세션으로, 여러 대면 SSM Run Command로 root로
command-profiles = AWS 파일의 프로필 목록(AWS를 호출하지 않음). --sso는 로그인한 세션이 주는 것
flag-profiles-sso = 로그인한 SSO 세션의 모든 계정과 역할. 각각 --profile에 쓸 수 있는 위치
flag-profiles-write = 각각의 프로필을 ~/.aws/config에 덧붙임. 먼저 보여 주고 확인하며, 있던 내용은 그대로
flag-profiles-yes = 묻지 않고 덧붙임
command-regions = 계정에서 활성화된 리전 목록
command-whoami = AWS가 보는 나의 신원과 남은 시간

command-login = IAM Identity Center(SSO)에 로그인. 이 컴퓨터의 모든 AWS 도구가 함께 로그인됨
flag-login-start-url = 회사가 로그인하는 곳(예: https://corp.awsapps.com/start). 없으면 --profile이 쓰는 세션
flag-login-sso-region = --start-url의 IAM Identity Center 리전
flag-login-session = SSO 세션 이름. ~/.aws/config의 이름이거나 --start-url에 붙일 이름
flag-login-no-browser = 브라우저를 열지 않고 링크와 코드를 출력. 어느 컴퓨터에서든 열 수 있음
flag-login-use-device-code = 브라우저가 스스로 돌아올 수 있어도 코드를 비교
command-logout = AWS와 이 컴퓨터에서 로그인을 끝냄
flag-logout-session = SSO 세션 이름. 없으면 --profile이 쓰는 세션
flag-logout-all = 어느 프로그램이 했든 이 컴퓨터의 모든 로그인
command-config = 설정 파일: 위치, 문제, 예제, 키
command-config-path = 파일의 위치 출력
command-config-check = 파일의 문제와, 인스턴스에 적용되는 규칙 확인
command-config-init = 파일이 없으면 예제 파일 쓰기
command-config-keys = 대시보드의 키와 명령 출력
command-rdp = Windows 인스턴스의 데스크톱을 터널로 열기
command-rdp-after = 데스크톱이 보여 주는 인증서를 콘솔에 있는 것과 비교합니다. 암호는 직접 입력합니다: ec2dash password TARGET --print. 터널은 프로그램이 끝나거나 Ctrl-C를 누르면 끝납니다.
command-password = Windows 인스턴스의 첫 Administrator 암호(키 페어의 프라이빗 키로 여기서 복호화)
command-password-after = --print와 --file이 없으면 암호가 있는지, 어느 키로 열리는지만 알립니다. 그 뒤에 바뀌었을 수 있습니다.
command-known-hosts = 지금까지 본 인스턴스의 호스트 키(인스턴스 ID별)
command-known-hosts-list = 호스트 키를 아는 인스턴스 출력
command-known-hosts-forget = 인스턴스의 호스트 키 잊기
command-known-hosts-replace = 아는 호스트 키 대신 AWS가 지금 알려 주는 키 두기
command-completions = 셸이 명령, 플래그, 프로필, 리전, 열, 저장된 터널을 자동 완성하는 스크립트 출력
command-man = 매뉴얼 페이지(roff) 출력
command-licenses = 프로그램에 든 모든 크레이트의 라이선스 출력
command-sim = SIGINT나 SIGTERM까지 다른 프로그램에 시뮬레이션 클라우드 제공
command-help = 이 도움말이나 지정한 명령의 도움말 출력

# Flags of every command
flag-profiles = AWS 프로필. 여러 번 쓸 수 있으며, *는 맞는 모든 프로필
flag-no-cache = 다음 시작을 위해 목록을 저장하지 않고, 저장된 목록도 쓰지 않음
flag-places = 설정 파일에 이름이 있는 위치 묶음(프로필과 리전)
flag-regions = 리전. 여러 번 쓸 수 있으며, "all"은 활성화된 모든 리전
flag-output = 출력 형식
flag-filter = 필터("ls" 뒤의 단어와 같음)
flag-no-input = 아무것도 묻지 않음
flag-color = 색
flag-lang = 언어
flag-plain = 화면 낭독기를 위한 일반 텍스트 모드: 그림 대신 문장과 입력한 단어
flag-quiet = 오류만 출력
flag-verbose = 하는 일을 stderr에 출력. 두 번이면 자세히
flag-api-timeout = AWS 응답 하나를 기다리는 최대 시간(초)
flag-config = 설정 파일
flag-read-only = 연결에 필요한 것 말고는 계정에서 아무것도 바꾸지 않고, 명령도 실행하지 않음
flag-allow-credential-process = 프로필의 프로그램(credential_process)을 묻지 않고 실행
flag-demo = 시뮬레이션 클라우드의 가상 회사 사용: AWS 없음, 전송 없음
flag-log-file = 하는 일을 파일에 기록
flag-help = 도움말 출력(자세히는 '--help')
flag-version = 버전 출력

# ls, show
flag-ls-words = 모두 맞아야 하는 단어: web, !web, state:running, Role=web, ip:10.0.0.0/16
flag-ls-columns = 이 열만. JSON의 이름, 그리고 via, up, tag:KEY
flag-ls-sort = 정렬할 열. 앞에 -를 붙이면 역순
flag-ls-favourites = 즐겨찾기만: 대시보드에서 f 키로 표시한 것과 설정 파일의 것
flag-ls-csv-raw = CSV에서 = + - @로 시작하는 셀을 그대로 씀
flag-ls-list = -o ansible일 때: Ansible이 인벤토리 스크립트에 묻는 대로 모두
flag-ls-host = -o ansible일 때: 이 호스트의 변수만
flag-show-target = 인스턴스: ID, 이름, ID의 앞부분, 주소, DNS 이름, tag:K=V, -

flag-doctor-target = { flag-show-target }. --all을 쓰면 필터의 낱말
flag-doctor-all = 모든 인스턴스나 필터에 맞는 인스턴스의 보고서: -o md, html, json
flag-doctor-from = AWS가 보는 사용자의 주소: 그룹, ACL, 라우팅을 이 주소로 판단. 종류마다 하나
flag-doctor-identity = 이 프라이빗 키로 판정. FX-KEY-ADD는 이 키로 로그인을 허용
flag-doctor-user = 이 로그인 이름으로 판정
flag-doctor-forward = 터널이 무엇을 전달할지도 판정: PORT, HOST:PORT 또는 LOCAL:HOST:PORT
flag-doctor-fix = 진단이 제시한 조치 실행: 호출, 영향받는 대상, 되돌리는 방법을 보여 주고 묻습니다
flag-doctor-yes = 묻지 않고 실행
flag-doctor-dry-run = 바꿀 것을 보여 주고 AWS에 권한만 물어보며, 아무것도 바꾸지 않음
flag-doctor-test = 접속 방법까지 시험: 권한을 시뮬레이션하고, sshd의 응답을 읽고, 터널과 세션을 열었다가 닫음. 먼저 하는 일을 알림
flag-undo-number = 조치의 번호("fixes" 목록)
flag-undo-yes = 묻지 않고 되돌리기

# connect, ssh
flag-connect-target = { flag-show-target }
flag-connect-methods = 접속 방법. 여럿이면 그중 최선
flag-connect-user = 로그인 이름
flag-connect-identity = 프라이빗 키 파일(ssh 방법용)
flag-connect-port = sshd의 포트
flag-connect-address = 쓸 주소: auto, public, private, ipv6 또는 IP 주소
flag-connect-ssh-config = ~/.ssh/config를 읽을지 여부
flag-connect-start = 중지된 인스턴스면 확인을 받고 먼저 시작한 뒤, 세션을 받을 때까지 기다림
flag-connect-dry-run = 할 일을 출력만 하고 아무것도 하지 않음
flag-connect-reason = Session Manager 셸이 거부되면 이 이유로 접근을 요청하고(적시 노드 접근) 기다림
flag-connect-yes = "confirm"으로 표시된 계정에 묻지 않고 연결하고, --start도 묻지 않고 시작
flag-connect-record = Session Manager 셸의 화면을(입력은 빼고) 새 파일에 녹화(asciicast v2: asciinema play FILE)
flag-connect-hold = 실패하면 Enter를 기다림: 프로그램과 함께 닫히는 창을 위한 것
flag-ssh-target = { flag-show-target }
flag-ssh-methods = { flag-connect-methods }
flag-ssh-user = { flag-connect-user }
flag-ssh-identity = { flag-connect-identity }
flag-ssh-port = { flag-connect-port }
flag-ssh-address = { flag-connect-address }
flag-ssh-ssh-config = { flag-connect-ssh-config }
flag-ssh-start = { flag-connect-start }
flag-ssh-dry-run = { flag-connect-dry-run }
flag-ssh-reason = { flag-connect-reason }
flag-ssh-yes = { flag-connect-yes }
flag-ssh-arguments = ssh의 옵션, 그다음 원격 명령

# tunnel, proxy
flag-tunnel-target = 인스턴스: ID, 이름, ID의 앞부분, 주소, DNS 이름, tag:K=V, -. 또는 설정 파일에 저장된 터널 @NAME
flag-tunnel-forwards = 전달할 것: 인스턴스의 PORT, 그 뒤의 HOST:PORT, 또는 인스턴스의 소켓(ssh로). 이 컴퓨터에서 다른 포트를 쓰려면 앞에 LOCAL:, 0은 비어 있는 아무 포트
flag-tunnel-socks = 이 포트에서 SOCKS5도 제공: 목적지는 프로그램이 정하고, 인스턴스에서 나감
flag-tunnel-bind = 다른 컴퓨터도 쓰게 이 주소에서 수신 대기. 없으면 이 컴퓨터만 들어옴
flag-tunnel-socket = PORT 하나를 위해, 나만 쓸 수 있는 파일 시스템의 소켓에서 수신 대기
flag-tunnel-method = 접속 방법: auto(Session Manager 세션), 또는 ssh로 이어지는 방법
flag-tunnel-endpoint = { flag-proxy-endpoint }
flag-tunnel-tunnel-limit = { flag-connect-tunnel-limit }
flag-tunnel-once = 첫 연결과 함께 끝냄
flag-tunnel-beside-dashboard = 대시보드가 붙이는 플래그: 아무에게도 묻지 않고, stdin을 쥔 쪽이 없어지면 끝남
flag-tunnel-yes = { flag-connect-yes }
flag-proxy-target = { flag-show-target }
flag-proxy-port = 인스턴스의 포트
flag-proxy-method = 접속 방법: auto, ssm-ssh, eice. 점프 호스트를 거치면 eic, ssh. --to에는 ssh를 실행하는 방법
flag-proxy-to = 그곳에서 이어 갈 곳. 인스턴스에 ssh로 로그인해 열며, 그곳에서는 아무것도 실행하지 않음
flag-proxy-jump = 거쳐 갈 다른 인스턴스: TARGET. 그것의 가장 좋은 방법으로 접속함. none: 규칙이 있어도 거치지 않음
flag-connect-jump = 거쳐 갈 다른 인스턴스(eic, ssh 방법): TARGET. 그것의 가장 좋은 방법으로 접속함. none: 규칙이 있어도 거치지 않음
flag-ssh-jump = { flag-connect-jump }
flag-exec-jump = { flag-connect-jump }
flag-cp-jump = { flag-connect-jump }
flag-sync-jump = { flag-connect-jump }
flag-files-jump = { flag-connect-jump }
flag-tunnel-jump = { flag-connect-jump }
flag-connect-endpoint = 통과할 EC2 Instance Connect Endpoint(eice 방법). 다른 VPC의 것도 됩니다
flag-connect-tunnel-limit = 엔드포인트 터널의 최대 유지 시간, 1시간까지: 90s, 10m, 1h
flag-ssh-endpoint = { flag-connect-endpoint }
flag-ssh-tunnel-limit = { flag-connect-tunnel-limit }
flag-exec-endpoint = { flag-connect-endpoint }
flag-exec-tunnel-limit = { flag-connect-tunnel-limit }
flag-proxy-user = 이 로그인 이름으로 "ec2dash ssh"처럼 최선의 방법으로 sshd에 연결: ssh-config의 블록용
flag-proxy-identity = ssh가 쓰는 개인 키 파일(--user와 함께)
flag-proxy-agent-socket = "ec2dash agent"가 이 소켓에서 제공하는 키를 보냄(--user와 함께)
flag-proxy-state = ssh가 비교할 호스트 키를 보관하는 곳(--user와 함께)
flag-proxy-endpoint = 통과할 EC2 Instance Connect Endpoint. 다른 VPC의 것도 됩니다
flag-proxy-address = 엔드포인트 뒤의 주소: auto, private, ipv6, IP 주소
flag-proxy-tunnel-limit = { flag-connect-tunnel-limit }
flag-proxy-yes = { flag-connect-yes }

# ssh-config, agent
command-ssh-config = 실행 중인 인스턴스마다 ssh_config 블록 출력: ssh, scp, rsync, git, 편집기 등 ssh를 쓰는 모든 프로그램용
command-ssh-config-after = 블록에는 인스턴스의 ID가 있고, 한 대만 가진 이름이면 그 이름(소문자, 숫자, -, _)도 있습니다. 매번 EC2에 다시 묻기 때문에 주소가 바뀌어도 맞습니다.
flag-ssh-config-words = 모두 맞아야 하는 단어: web, !web, env=prod, ip:10.0.0.0/16
flag-ssh-config-write = FILE에 씀. 새 파일이거나 전에 이 명령이 쓴 파일이어야 함
flag-ssh-config-check = 아무것도 쓰지 않음. --write의 파일에서 다른 점을 출력하고, 있으면 1로 끝남
flag-ssh-config-prefix = 모든 이름 앞에 붙일 것(예: aws-)
flag-ssh-config-include = 이어서 --write의 파일을 포함하는 줄을 확인을 받고 ~/.ssh/config에 더함
flag-ssh-config-yes = 묻지 않고 줄을 더함
command-agent = ssh-config의 블록을 쓰는 ssh 프로그램에 일회용 키 제공. "proxy"가 시작하고, 저절로 끝남
flag-agent-status = 실행 중인지, 어떤 키를 보관하는지 출력
flag-agent-stop = 끝냄. 보관하던 키는 모두 잊음
flag-agent-serve = 터미널과 떨어져 이 디렉터리에서 제공: "proxy"가 이렇게 시작함

# start, stop, reboot
command-start = 확인을 받고 중지된 인스턴스 시작
command-stop = 무엇을 잃는지 보이고 확인을 받아 실행 중인 인스턴스 중지
command-reboot = 확인을 받고 실행 중인 인스턴스 재부팅
flag-rdp-target = { flag-show-target }
flag-rdp-print = 프로그램을 시작하지 않고 주소와 사용자를 출력하며 터널을 유지
flag-rdp-file = 프로그램을 시작하지 않고 .rdp 파일을 쓰며 터널을 유지(있는 파일은 확인을 받은 뒤에만 바꿈)
flag-rdp-via = 데스크톱에 닿는 방법: auto, ssm(Session Manager), eice(엔드포인트), direct(네트워크)
flag-rdp-user = 로그인할 사용자(없으면 Administrator)
flag-rdp-endpoint = { flag-proxy-endpoint }
flag-rdp-address = 쓸 주소(엔드포인트 뒤 또는 네트워크): auto, public, private, ipv6, IP 주소
flag-rdp-tunnel-limit = { flag-connect-tunnel-limit }
flag-rdp-yes = { flag-connect-yes }
flag-password-target = { flag-show-target }
flag-password-print = 암호 출력
flag-password-file = 본인만 읽을 수 있는 파일에 암호 쓰기(있는 파일은 확인을 받은 뒤에만 바꿈)
flag-password-identity = 저절로 찾지 못하는 키 페어의 프라이빗 키
flag-start-targets = { flag-exec-targets }
flag-start-yes = 묻지 않고 실행
flag-start-wait = 실행 중이나 중지됨이 될 때까지 기다림
flag-start-dry-run = 할 일을 출력하고 EC2에 권한만 물어보며, 아무것도 하지 않음
flag-stop-targets = { flag-start-targets }
flag-stop-yes = { flag-start-yes }
flag-stop-wait = { flag-start-wait }
flag-stop-dry-run = { flag-start-dry-run }
flag-reboot-targets = { flag-start-targets }
flag-reboot-yes = { flag-start-yes }
flag-reboot-wait = { flag-start-wait }
flag-reboot-dry-run = { flag-start-dry-run }

# cp
flag-cp-sources = 복사할 것: 이 컴퓨터의 파일, 또는 인스턴스의 TARGET:PATH. PATH가 없으면 그곳의 홈 디렉터리
flag-cp-destination = 복사할 곳: 있는 폴더 안, 또는 새 이름
flag-cp-recursive = 폴더와 그 안의 모든 것. 링크는 링크로 둠
flag-cp-preserve = 권한과 시각을 유지
flag-cp-resume = 같은 원본의 중단된 복사를 이어서 함
flag-cp-checksum = 내용이 이미 같은 것은 다시 복사하지 않음
flag-cp-sessions = 인스턴스마다 동시에 여는 연결의 수. 연결마다 속도가 따로 정해짐
flag-cp-methods = { flag-connect-methods }
flag-cp-endpoint = { flag-connect-endpoint }
flag-cp-tunnel-limit = { flag-connect-tunnel-limit }
flag-cp-user = { flag-connect-user }
flag-cp-identity = { flag-connect-identity }
flag-cp-port = { flag-connect-port }
flag-cp-address = { flag-connect-address }
flag-cp-ssh-config = { flag-connect-ssh-config }
flag-cp-yes = { flag-connect-yes }

# sync
flag-sync-source = DST가 같아질 것: 이 컴퓨터의 폴더나 파일, 또는 인스턴스의 TARGET:PATH
flag-sync-destination = 그와 같게 만들 것
flag-sync-delete = SRC에 없는 것을, 몇 개인지 말한 뒤 제거
flag-sync-checksum = 크기와 시각이 아니라 내용으로 판단
flag-sync-dry-run = 할 일을 나열만 하고 아무것도 하지 않음
flag-sync-sessions = { flag-cp-sessions }
flag-sync-methods = { flag-connect-methods }
flag-sync-endpoint = { flag-connect-endpoint }
flag-sync-tunnel-limit = { flag-connect-tunnel-limit }
flag-sync-user = { flag-connect-user }
flag-sync-identity = { flag-connect-identity }
flag-sync-port = { flag-connect-port }
flag-sync-address = { flag-connect-address }
flag-sync-ssh-config = { flag-connect-ssh-config }
flag-sync-yes = { flag-connect-yes }

# files
flag-files-target = { flag-connect-target }
flag-files-methods = { flag-connect-methods }
flag-files-endpoint = { flag-connect-endpoint }
flag-files-tunnel-limit = { flag-connect-tunnel-limit }
flag-files-user = { flag-connect-user }
flag-files-identity = { flag-connect-identity }
flag-files-port = { flag-connect-port }
flag-files-address = { flag-connect-address }
flag-files-ssh-config = { flag-connect-ssh-config }
flag-files-yes = { flag-connect-yes }

# exec
flag-exec-targets = 인스턴스: ID, 이름, ID의 앞부분, 주소, DNS 이름, tag:K=V(그 태그가 있는 모두). --filter와 함께면 없어도 되고 여럿이어도 됨
flag-exec-methods = { flag-connect-methods }
flag-exec-user = { flag-connect-user }
flag-exec-identity = { flag-connect-identity }
flag-exec-port = { flag-connect-port }
flag-exec-address = { flag-connect-address }
flag-exec-ssh-config = { flag-connect-ssh-config }
flag-exec-parallel = 한 번에 실행하는 최대 인스턴스 수
flag-exec-timeout = 인스턴스 하나에서 실행되는 최대 시간. AWS의 한도는 1시간
flag-exec-prefix = 출력의 줄마다 앞에 인스턴스 이름을 붙임. 여러 대에서는 기본이며, 한 대에도 붙임
flag-exec-no-prefix = 여러 대에서 이름 없이 줄을 그대로 출력
flag-exec-fail-fast = 한 인스턴스에서 실패하면 더 시작하지 않음
flag-exec-dry-run = { flag-connect-dry-run }
flag-exec-yes = "confirm"으로 표시된 계정에서 묻지 않고 실행
flag-exec-command = 명령. 한 단어면 /bin/sh의 명령줄이고, 여럿이면 그대로 전달되도록 따옴표로 묶음

# config, known-hosts, completions
flag-config-check-name = 규칙을 알아볼 인스턴스
flag-config-check-target = 같은 것을 플래그로
flag-known-hosts-forget-target = 인스턴스. 사라진 인스턴스는 ID로
flag-known-hosts-replace-target = 다시 만든 인스턴스
flag-known-hosts-replace-yes = 묻지 않음
flag-completions-shell = 셸의 종류

# sim
flag-sim-port = 127.0.0.1의 포트. 0은 빈 포트
flag-sim-host-keys = 콘솔과 에이전트가 인스턴스 SSH 서버의 호스트 키를 알려 줌
flag-sim-tls = TLS 사용. 자체 인증 기관은 AWS_CA_BUNDLE이 가리킴
flag-sim-windows-sshd = Windows 인스턴스에도 OpenSSH 서버가 있음: 파일만 제공하고 Windows 셸은 없음
flag-sim-instances = 데모 인스턴스 대신 생성할 인스턴스 수
flag-sim-spread = 생성할 인스턴스의 리전
flag-sim-fleet = 다른 인스턴스 구성(TOML)
flag-sim-seed = 생성할 인스턴스의 시드
flag-sim-accounts = 구성에 있는 계정 말고 더 만들 회사 계정 수. 생성된 인스턴스는 그 계정들에 나뉨
flag-sim-sign-in = 회사에 로그인하는 방식: token=1h, session=8h, code=10m, interval=1s, registration=90d, credentials=1h, limit=20, approval=asked. 여럿이면 쉼표로 구분
flag-sim-faults = 일어날 문제: "ACTION=KIND"(필요하면 앞에 "계정/", 리전이나 역할 이름), 필요하면 뒤에 ":VALUE"와 "@N". 종류: deny, throttle:30%, error:CODE, delay:2s, hang, cut, corrupt, clock:+10m
flag-sim-agent = SSM Agent의 동작: payload=1024, pace=none, window=1000, start-pause=0s, ready-after=0s, reader=ahead, gateway=keeps. 여럿이면 쉼표로 구분

# Wrong use
usage-invalid-value = 쓸 수 없는 값입니다: { $value } ({ $argument }). 가능한 값: { $known }
usage-unknown-argument = 없는 인수입니다: { $argument }
usage-unknown-command = 없는 명령입니다: { $argument }
usage-value = 쓸 수 없는 값입니다: { $value } ({ $argument })
usage-too-many-values = 값이 너무 많습니다: { $argument }
usage-number-of-values = 값의 수가 맞지 않습니다: { $argument }
usage-conflict = 함께 쓸 수 없습니다: { $argument }, { $other }
usage-missing = 빠진 인수가 있습니다: { $argument }
usage-missing-command = 명령을 지정하세요. 가능한 명령: { $known }
usage-not-text = 인수가 UTF-8 텍스트가 아닙니다
usage-similar = 비슷한 것: { $similar }
usage-more = 자세히: --help

# The manual
manual-name = 이름
manual-synopsis = 사용법
manual-description = 설명
manual-options = 옵션
manual-commands = 명령
manual-keys = 대시보드의 키
manual-exit-status = 종료 코드
exit-0 = 완료(빈 목록도 포함)
exit-1 = 실패
exit-2 = 잘못된 사용법이나 설정, 또는 대시보드를 열 터미널이 없음
exit-3 = 대상을 찾지 못했거나 여럿임
exit-4 = 자격 증명이 없거나 만료됨
exit-5 = AWS가 거부함
exit-6 = 쓸 수 있는 접속 방법이 없음
exit-128-n = 시그널 n으로 끝남
exit-255 = connect, ssh, proxy, exec: 잘못된 사용법을 뺀 ec2dash의 모든 실패. connect, ssh와 한 대의 exec에서 다른 코드는 원격의 것이고, 여러 대의 exec는 모두 0이면 0, 아니면 1. cp에서는 연결이 없음
