## fixes

# What mends a finding of the doctor: shown before a yes, carried out, listed, taken back.
mend-title-fx-sg-myip = 인바운드 허용: { $peer }, 포트 { $port }, { $name } (보안 그룹: { $group })
mend-title-fx-start = 인스턴스 시작: { $name }
mend-title-fx-sg-eice = 엔드포인트의 그룹 허용: { $peer }, 포트 { $port }, { $name } (보안 그룹: { $group })
mend-title-fx-eice-egress = 엔드포인트의 아웃바운드 허용: { $peer }, 포트 { $port } (보안 그룹: { $group })
mend-title-fx-sg-ref = 점프 호스트의 그룹 허용: { $peer }, 포트 { $port }, { $name } (보안 그룹: { $group })
mend-title-forward = 허용: { $peer } (포트 { $port }, 보안 그룹 { $group }), 터널이 지나는 인스턴스: { $name }
mend-title-fx-nacl-in = 인바운드 허용: { $peer }, 포트 { $port } (네트워크 ACL: { $acl })
mend-title-fx-nacl-eph = 응답의 아웃바운드 허용: { $peer } (네트워크 ACL: { $acl })
mend-title-fx-role-attach = 역할에 AmazonSSMManagedInstanceCore 연결: { $role }
mend-title-fx-ser-on = 직렬 콘솔 사용 허용: { $region }
mend-title-fx-sg-myip6 = 인바운드 허용: { $peer }, 포트 { $port }, { $name } (보안 그룹: { $group })
mend-title-fx-profile = Systems Manager용 인스턴스 프로파일 연결: { $name }
mend-title-fx-eice-create = EC2 Instance Connect 엔드포인트 만들기: { $vpc }, { $name }
mend-title-fx-ssm-update = SSM Agent 업데이트: { $name }
mend-title-fx-eip = 탄력적 IP 연결: { $name }
mend-title-fx-route-igw = 인터넷 경로 추가: { $peer }, { $gateway } (라우팅 테이블: { $table })
mend-title-fx-vpce = Systems Manager 엔드포인트 만들기: { $vpc }, { $name }
mend-title-fx-imds = 메타데이터 서비스 켜기: { $name }
mend-title-fx-sg-egress443 = 에이전트의 아웃바운드 허용: { $peer }, 포트 { $port }, { $name } (보안 그룹: { $group })
mend-title-fx-sg-vpce = Systems Manager 엔드포인트의 인바운드 허용: { $peer }, 포트 { $port } (보안 그룹: { $group })
mend-title-fx-nacl-egress = 에이전트와 Systems Manager 사이의 통신 허용 (네트워크 ACL: { $acl })
mend-title-fx-key-add = 이 컴퓨터의 키로 로그인 허용: { $name }, 사용자: { $user }
mend-title-fx-vpce-dns = 서비스 이름을 엔드포인트로 연결: { $endpoint }
mend-title-fx-vpc-dns = VPC 확인자가 엔드포인트 이름을 알려 주도록 켜기: { $vpc }
mend-key-of-agent = SSH 에이전트가 먼저 내놓는 키
mend-no-way-back = 되돌릴 수 없습니다.
mend-back = 되돌리기:
mend-may = AWS가 허용합니다(dry run). 아무것도 바꾸지 않았습니다
mend-may-partly = 미리 시험할 수 있는 호출은 AWS가 허용합니다(dry run). 나머지는 알 수 없습니다. 아무것도 바꾸지 않았습니다
mend-untried = 실제로 실행하지 않고는 시험할 수 없는 호출이어서 AWS가 허용할지 알 수 없습니다. 아무것도 바꾸지 않았습니다
mend-reading = 조치에 필요한 것을 읽는 중 …
mend-waiting = 완료. 검사가 통과할 때까지 기다리는 중({ $method }, { $rule })
mend-mended = 이제 검사를 통과합니다({ $method }, { $rule }).
mend-not-yet = 완료했지만 { $seconds }초가 지나도 검사를 통과하지 못했습니다({ $method }, { $rule }).
mend-undo-by = 되돌리기: ec2dash undo { $number }
mend-half-done = 그때까지 한 것은 되돌릴 수 있습니다: ec2dash undo { $number }
mend-record-unreadable = 조치 기록을 읽을 수 없습니다({ $number }번): { $cause }
mend-step-done = 완료: { $call }
mend-step-was-there = 이미 그렇게 되어 있어서 되돌릴 때도 남깁니다: { $call }
mend-step-taken-back = 되돌림: { $call }
mend-step-gone = 더 이상 존재하지 않음: { $call }

mend-consequence-group-of-one = VPC의 다른 인스턴스에는 연결되지 않은 그룹입니다: { $group }
mend-consequence-group-shared = 이 그룹이 연결된 다른 인스턴스 { $count }대에도 열립니다({ $group }): { $names }
mend-consequence-group-unread = 이 그룹이 연결된 다른 것이 있는지 알 수 없습니다. 있다면 함께 열립니다: { $group }
mend-consequence-until-exit = ec2dash가 끝날 때 되돌립니다.
mend-consequence-until-undo = 되돌릴 때까지 유지됩니다.
mend-consequence-billed = 실행되는 동안 요금이 부과됩니다.
mend-consequence-whole-subnets = 이 ACL이 연결된 서브넷의 모든 인스턴스에 적용됩니다: { $group }
mend-consequence-role-shared = { $count ->
    [0] 이 역할의 모든 인스턴스에 적용됩니다: { $group }
   *[other] 이 역할의 모든 인스턴스에 적용됩니다({ $group }). 이 VPC의 다른 인스턴스: { $names }
  }
mend-consequence-whole-vpc = { $count ->
    [0] VPC 전체에 적용됩니다: { $group }
   *[other] VPC 전체에 적용됩니다({ $group }). 알려진 인스턴스: { $count }대
  }
mend-consequence-endpoint-made = 엔드포인트를 만들며 몇 분 뒤에 쓸 수 있습니다({ $group }). 엔드포인트는 무료이지만 다른 가용 영역으로 가는 트래픽에는 요금이 부과됩니다.
mend-consequence-ends-sessions = 인스턴스에 열려 있는 세션이 끝나며 이전 버전의 에이전트로 되돌리지 않습니다.
mend-consequence-address-billed = 퍼블릭 주소에는 시간당 요금이 부과되며 인스턴스가 중지되어 있을 때도 마찬가지입니다.
mend-consequence-address-goes = 지금 주소는 사라지고 다시 돌아오지 않습니다: { $group }
mend-consequence-route-of = { $count ->
    [0] 이 라우팅 테이블을 쓰는 모든 서브넷에 적용됩니다: { $group }
   *[other] 이 라우팅 테이블을 쓰는 모든 서브넷에 적용됩니다({ $group }): { $names }
  }
mend-consequence-opens-subnets = 그 서브넷에서 퍼블릭 주소가 있는 것은 보안 그룹과 네트워크 ACL이 허용하는 만큼 밖에서 닿을 수 있게 됩니다.
mend-consequence-endpoints-billed = 엔드포인트 { $count }개에 시간당(각각 한 가용 영역), 그리고 통과한 데이터만큼 요금이 부과됩니다.
mend-consequence-profile-fits = 이미 있는 프로파일이며 에이전트에 필요한 권한만 있습니다: { $group }
mend-consequence-profile-made = 에이전트 전용 인스턴스 프로파일이 계정에 없어 역할과 함께 새로 만듭니다: { $group }
mend-consequence-profiles-unread = 에이전트용 인스턴스 프로파일이 있는지 읽을 수 없어 새로 만듭니다.
mend-consequence-tokens-only = 인스턴스의 프로그램이 읽으려면 토큰(IMDSv2)이 필요합니다.
mend-consequence-whole-region = 이 리전의 계정 전체에 적용됩니다: { $group }
mend-consequence-key-opens = 되돌릴 때까지 이 키의 프라이빗 키를 가진 사람은 로그인할 수 있습니다. 보내는 것은 퍼블릭 키뿐입니다. 사용자: { $user }, 키: { $key }
mend-consequence-runs-as-root = Run Command는 스크립트를 root로 실행하고, 스크립트는 먼저 그 사용자로 바꿉니다. 이 문서를 보낼 수 있는 사람은 인스턴스에서 무엇이든 할 수 있습니다.
mend-consequence-agent-later = 에이전트는 30분 안에, 또는 다시 시작할 때 알아차립니다.

mend-offer = { $key } 해결: { $title }
mend-offer-here = { $key } 해결
mend-run = { $title }: { $said }
mend-at-work = 진행 중 …
mend-take-back = { $key } 되돌리기
mend-take-back-title = 되돌릴까요?
mend-stays = 조치가 남아 있습니다({ $number }번): { $why } 되돌리기: ec2dash undo { $number }
mend-changed = 다른 누군가가 바꾸어서 아무것도 되돌리지 않았습니다:
mend-orphans = { $count ->
    [1] 이전 실행의 조치를 되돌리지 않았습니다: ec2dash undo { $number }
   *[other] 이전 실행의 조치 { $count }개를 되돌리지 않았습니다: ec2dash fixes
  }
mend-taking-back = 조치가 바꾼 것을 되돌리는 중 …
mend-left = 모두 되돌리지는 못했습니다. 남은 것: ec2dash fixes
hint-mend = 실행

ask-address = AWS에서 보이는 이 컴퓨터의 주소를 알 수 없어 판단할 수 없습니다. 물어볼까요? 서비스: { $service } y/N
address-found = AWS에서 보이는 이 컴퓨터의 주소: { $address }
address-asking = 이 컴퓨터의 주소를 묻는 중 … 서비스: { $service }
address-title = 이 컴퓨터의 주소를 물어볼까요?
address-question = 한 번만 묻고, 그 서비스는 이 컴퓨터가 물었다는 것을 알게 됩니다. ssh도 같은 경로로 나간다면 답이 AWS에서 보이는 주소입니다. 서비스: { $service }
address-offer = { $key } AWS에서 보이는 주소 묻기: 보안 그룹과 네트워크 ACL의 허용 여부를 판단합니다. 서비스: { $service }

ask-fix = 실행할까요? y/N
ask-undo = 되돌릴까요? y/N
undo-what = 조치: { $fix }, 인스턴스: { $instance }, 시각: { $begun }, 실행한 사람: { $by }
undo-looked-up = 실행되었는지 알 수 없어서 먼저 확인합니다
undo-done = 조치를 되돌렸습니다: { $number }

error-fix-read-only = 조치가 꺼져 있습니다(read_only).
error-fix-read-only-next = 무엇을 바꿀지만 보기: { $command } --dry-run
error-fix-no-yes = AWS에 아무것도 요청하지 않았습니다. 여기서는 확인을 받을 수 없습니다.
error-fix-no-yes-next = 무엇을 바꿀지만 보기: { $command } --dry-run
    묻지 않고 하기: --yes
error-fix-none = 진단 결과 중 이 버전의 조치로 해결할 것이 없습니다. 조치: { $fix }, 인스턴스: { $name }
error-fix-none-next = 진단 결과 보기: ec2dash doctor TARGET
error-fix-not-offered = 진단 결과 중 이 조치로 해결할 것이 없습니다. 조치: { $fix }, 인스턴스: { $name }
error-fix-not-offered-next = 진단 결과를 해결하는 조치: { $fixes }
error-fix-route-taken = 라우팅 테이블에 기본 경로가 이미 있으며, 있는 것을 바꾸는 조치는 없습니다.
error-fix-route-taken-next = 찾은 것 읽기: ec2dash doctor TARGET
error-fix-no-key = 인스턴스에 허용할 프라이빗 키가 이 컴퓨터에 없습니다. 인스턴스: { $name }
error-fix-no-key-next = 새로 만드세요: ssh-keygen -t ed25519
    또는 키를 지정하세요: ec2dash doctor TARGET --identity FILE --fix FX-KEY-ADD
error-fix-key-no-user = 인스턴스에 그런 사용자가 없습니다: { $about }
error-fix-key-no-user-next = 로그인 사용자를 지정하세요: --user NAME
error-fix-key-no-home = 인스턴스에 사용자의 홈이 없거나 들어갈 수 없습니다: { $about }
error-fix-key-elsewhere = 인스턴스의 sshd는 사용자의 키를 다른 곳에서 읽습니다: { $about }
error-fix-key-unreadable = 인스턴스의 파일이 그 사용자가 읽을 수 있는 파일이 아닙니다: { $about }
error-fix-key-unwritable = 인스턴스의 사용자가 그곳에 쓸 수 없습니다: { $about }
error-fix-key-open = 인스턴스의 홈, .ssh 또는 authorized_keys에 다른 사용자도 쓸 수 있어서 sshd가 믿지 않습니다: { $about }
error-fix-key-limited = 조건이 붙은 같은 키가 이미 있으며, sshd는 키의 첫 줄을 따릅니다: { $about }
error-fix-key-failed = 인스턴스에서 스크립트가 실패했고, 바뀐 것은 없습니다: { $about }
error-fix-address-unknown = 허용할 주소, 곧 AWS에서 보이는 사용자의 주소를 알 수 없습니다.
error-fix-address-unknown-next = 주소를 지정하세요: --from ADDRESS
error-fix-not-confirmed = 아무것도 바꾸지 않았습니다. 확인이 없었습니다.
error-fix-journal = 조치 기록을 쓸 수 없습니다: { $cause }
error-fix-journal-why = 먼저 기록하지 않고는 아무것도 바꾸지 않습니다.
error-undo-read-only = 조치와 되돌리기가 꺼져 있습니다(read_only).
error-undo-no-yes = AWS에 아무것도 요청하지 않았습니다. 여기서는 확인을 받을 수 없습니다.
error-undo-no-yes-next = 묻지 않고 하기: ec2dash undo { $number } --yes
error-undo-missing = 그런 조치가 없습니다: { $number }
error-undo-missing-next = 조치 목록 보기: ec2dash fixes
error-undo-busy = 다른 ec2dash가 이 조치를 처리하고 있습니다: { $number }
error-undo-busy-next = 끝날 때까지 기다리거나 끝내세요.
error-undo-nothing = 되돌릴 것이 남아 있지 않습니다: { $number }
error-undo-other-account = 다른 계정에서 실행한 조치입니다. 조치의 계정: { $account }, 지금 자격 증명의 계정: { $own }
error-undo-other-account-next = 그 계정의 프로필을 지정하세요: --profile
error-undo-not-confirmed = 아무것도 되돌리지 않았습니다. 확인이 없었습니다.
error-undo-changed = 이 조치가 만든 것을 다른 누군가가 바꾸었습니다. 아무것도 되돌리지 않았습니다: { $number }
error-undo-changed-next = 확인하고 직접 고치세요.
