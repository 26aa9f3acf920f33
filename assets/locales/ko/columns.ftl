## columns: heads, words in cells, ages

# Ages
age-seconds = { $count }초
age-minutes = { $count }분
age-hours = { $count }시간
age-days = { $count }일

# Heads
column-name = 이름
column-id = ID
column-state = 상태
column-private_ip = 프라이빗 IP
column-public_ip = 퍼블릭 IP
column-ipv6 = IPv6
column-profile = 프로필
column-account = 계정
column-region = 리전
column-az = AZ
column-instance_type = 유형
column-platform = 플랫폼
column-image = AMI
column-key_name = 키
column-vpc = VPC
column-subnet = 서브넷
column-security_groups = 보안 그룹
column-launched = 시작 시각
column-up = 가동
column-tags = 태그
column-iam = IAM
column-ssm = SSM
column-via = 방법
column-methods = 접속 방법

# States, and their short forms
state-pending = 시작 중
state-pending-short = 시작…
state-running = 실행 중
state-running-short = 실행
state-stopping = 중지 중
state-stopping-short = 중지…
state-stopped = 중지됨
state-stopped-short = 중지
state-shutting-down = 종료 중
state-shutting-down-short = 종료…
state-terminated = 종료됨
state-terminated-short = 종료
state-hybrid = 하이브리드
state-hybrid-short = 하이브
state-unknown = 알 수 없음
state-unknown-short = ?

# Cells
ssm-online = 온라인
ssm-lost = 끊김
ssm-none = 없음
ssm-unsaid = 미보고
iam-no-ssm = SSM 없음
iam-no-role = 역할없음
iam-set = 있음
iam-none = 없음

# Why something is not known, in one word
denial-access_denied = 거부됨
denial-throttled = 제한됨
denial-timeout = 지연
denial-failed = 실패
denial-undecided = 불확실
denial-unasked = 미확인
