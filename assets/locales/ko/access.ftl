## access: what is in the way of a way in (reason-…), in one line among others where that is too long (reason-…-short),
## and what to do about it (fix-…). No full stops: the sentence stands in lines of its own or in lists.

# Where a login name comes from: `ec2-user (from the image)`
user-asked = 지정함
user-from-image = 이미지 기준
user-from-ssm = Systems Manager 기준
user-from-platform = 플랫폼 기준
user-guessed = 추측

# Kinds of addresses: `3.36.112.8 port 22 (public)`
address-kind-public = 퍼블릭
address-kind-private = 프라이빗
address-kind-ipv6 = IPv6
address-kind-fixed = 지정함

# One line for a way in that nothing is in the way of
way-ssm-ready = 에이전트가 온라인입니다
way-ssm-ssh-ready = 에이전트를 거친 ssh, 지금 만드는 키나 키 페어의 키 사용
way-eice-ready = 엔드포인트를 통해, 지금 만든 키나 내 키로
way-eic-ready = 지금 만드는 키가 60초 동안 유효합니다
way-ssh-ready = 키 페어의 프라이빗 키 사용

# What is not checked, after `not checked: `
unchecked-source = 네트워크가 내 주소를 허용하는지
unchecked-permissions = 내 권한
unchecked-channel = 에이전트의 세션 채널

# The instance
reason-instance-stopped = 인스턴스가 중지됨
fix-instance-stopped = ec2dash connect { $id } --start { $place }
reason-instance-stopping = 인스턴스가 중지되는 중
fix-instance-stopping-note = 중지될 때까지 기다린 뒤 시작하세요
reason-instance-gone = 되살릴 수 없는 인스턴스(상태: { $state })
reason-instance-starting = 인스턴스가 시작되는 중
reason-instance-state-unknown = 이 버전이 모르는 인스턴스 상태
reason-instance-state-unknown-short = 인스턴스 상태를 알 수 없음
reason-not-of-ec2 = 하이브리드 노드: EC2가 주소도 키도 모름
reason-not-of-ec2-short = EC2 인스턴스가 아님
reason-managed-by-service = 관리 주체: { $principal }. 셸이 설계상 거부될 수 있음
reason-managed-by-service-short = AWS 서비스가 관리함: 셸이 거부될 수 있음

# Addresses
reason-no-address = 인스턴스에 주소가 없음
reason-no-public-address = 퍼블릭 주소 없음
reason-no-private-address = 프라이빗 IPv4 주소 없음
reason-no-ipv6-address = IPv6 주소 없음
reason-address-ipv6-only = IPv6 주소뿐인데 이 컴퓨터에 IPv6 경로가 없음
reason-address-ipv6-unseen = IPv6 주소뿐인데({ $ip }) 이 컴퓨터에 IPv6가 있는지 알 수 없음
reason-address-ipv6-unseen-short = IPv6 주소뿐, 이 컴퓨터의 IPv6는 알 수 없음
reason-address-private = 프라이빗 주소 { $ip }: VPN, Direct Connect 또는 피어링이 필요함
reason-address-private-short = 프라이빗 주소 { $ip }: VPN 등이 필요함
fix-address-private = ec2dash connect { $id } --address private { $place }
fix-address-private-note = VPN 등으로 닿는 주소일 때만 쓰세요. 계속 쓰려면 config.toml의 [[rule]]에 address = "private"를 적으세요

# Jump hosts
reason-jump-missing = 그런 점프 호스트가 없음: { $chain }
reason-jump-missing-short = 그런 점프 호스트가 없음
fix-jump-missing-note = config.toml [[rule]]의 jump를 고치거나, 거치지 않고 연결하세요: --jump none
reason-jump-ambiguous = 점프 호스트의 이름을 가진 인스턴스가 여럿: { $chain }
reason-jump-ambiguous-short = 점프 호스트의 이름을 가진 인스턴스가 여럿
fix-jump-ambiguous-note = config.toml의 [[rule]]이나 명령줄에서 ID로 지정하세요: --jump ID
reason-jump-loop = 점프 호스트가 돌고 돎: { $chain }
reason-jump-loop-short = 점프 호스트가 돌고 돎
fix-jump-loop-note = jump가 있는 규칙이 그 점프 호스트 자신과 일치하면 안 됩니다. 그 앞에 jump = "none"인 [[rule]]을 두거나, 거치지 않고 연결하세요: --jump none
reason-jump-too-long = 이어진 점프 호스트가 4개를 넘음: { $chain }
reason-jump-too-long-short = 이어진 점프 호스트가 4개를 넘음
fix-jump-too-long-note = config.toml의 [[rule]]에서 줄이거나, 다른 호스트를 거치세요: --jump TARGET
reason-jump-unread = 점프 호스트 경유: { $jump } (여기서는 확인하지 않음)
reason-jump-unread-short = 점프 호스트 경유: 여기서는 확인하지 않음
reason-jump-unclear = 점프 호스트에 접속 방법이 있는지 알 수 없음: { $jump }
reason-jump-unclear-short = 점프 호스트에 접속 방법이 있는지 알 수 없음
fix-jump-unclear = ec2dash doctor { $id }{ AGAIN() }
reason-jump-closed = 점프 호스트에 ssh 접속 방법이 없음: { $jump }
reason-jump-closed-short = 점프 호스트에 ssh 접속 방법이 없음
fix-jump-closed = ec2dash doctor { $id }{ AGAIN() }
reason-jump-elsewhere = 점프 호스트가 다른 VPC에 있어 두 VPC가 이어졌는지 알 수 없음: { $jump }
reason-jump-elsewhere-short = 점프 호스트가 다른 VPC에 있음
reason-jump-groups-pending = 보안 그룹이 점프 호스트를 허용하는지 확인하지 않음: { $jump }
reason-jump-groups-pending-short = 보안 그룹이 점프 호스트를 허용하는지 알 수 없음
reason-jump-groups-unseen = { $why ->
    [access_denied] { $action } 거부됨: 보안 그룹이 점프 호스트를 허용하는지 알 수 없음
   *[other] { $action } 응답 없음: 보안 그룹이 점프 호스트를 허용하는지 알 수 없음
}
reason-jump-groups-unseen-short = 보안 그룹이 점프 호스트를 허용하는지 알 수 없음
reason-jump-group-closed = { $groups } 그룹: 점프 호스트({ $jump })의 그룹 { $jump-groups }, 포트 { $port } 인바운드가 허용되지 않음
reason-jump-group-closed-short = 인스턴스 그룹이 점프 호스트를 막음
fix-jump-group-closed = aws ec2 authorize-security-group-ingress --group-id { $group } --protocol tcp --port { $port } --source-group { $jump-group } { $place }
reason-jump-group-unclear = { $groups } 그룹이 점프 호스트({ $jump }, 포트 { $port })를 허용하는지는 접두사 목록이나 읽지 않은 그룹에 달려 있음
reason-jump-group-unclear-short = 인스턴스 그룹이 점프 호스트를 허용하는지 분명하지 않음
reason-jump-outbound-closed = 점프 호스트({ $jump })의 그룹 { $jump-groups }: 인스턴스로 나가는 포트 { $port } 아웃바운드가 허용되지 않음
reason-jump-outbound-closed-short = 점프 호스트 그룹의 아웃바운드가 막힘
reason-jump-outbound-unclear = 점프 호스트({ $jump })의 그룹 { $jump-groups }: 포트 { $port } 아웃바운드를 허용하는지 알 수 없음
reason-jump-outbound-unclear-short = 점프 호스트 그룹의 아웃바운드를 알 수 없음

# This computer
reason-ssh-missing = 이 컴퓨터에 OpenSSH가 없어 내장 SSH 클라이언트를 사용함
fix-ssh-missing-note = OpenSSH를 설치하세요: openssh-client(Debian, Ubuntu), openssh-clients(Fedora, RHEL, Amazon Linux), openssh(Arch, Homebrew) 패키지
reason-ssh-missing-short = OpenSSH가 없어 내장 SSH 클라이언트를 사용함
reason-ssh-too-old = 이 컴퓨터의 ssh는 OpenSSH { $version }, 8.4 이상이 필요함
reason-ssh-too-old-short = OpenSSH { $version }: 8.4 이상이 필요함
fix-ssh-too-old-note = 최신 OpenSSH 클라이언트를 설치하고 PATH의 맨 앞에 두세요
reason-ssh-foreign = PATH에서 먼저 찾은 ssh가 OpenSSH가 아님
fix-ssh-foreign-note = OpenSSH(openssh-client 또는 openssh-clients 패키지)를 설치하고 PATH의 맨 앞에 두세요

# EC2 Instance Connect
reason-eic-not-for-windows = Windows에는 EC2 Instance Connect가 없음
reason-eic-metadata-off = 인스턴스 메타데이터가 꺼져 있어 푸시한 키를 읽을 수 없음
reason-eic-metadata-off-short = 인스턴스 메타데이터 꺼짐: 키를 읽을 수 없음
fix-eic-metadata-off = aws ec2 modify-instance-metadata-options --instance-id { $id } --http-endpoint enabled --http-tokens required { $place }
reason-eic-metadata-unseen = 인스턴스 메타데이터가 켜져 있는지 AWS가 알려 주지 않음
reason-eic-package-pending = 인스턴스를 만든 이미지를 조회하는 중
reason-eic-image-unseen = { $why ->
    [access_denied] { $action } 거부됨: 이미지에 ec2-instance-connect가 있는지 알 수 없음
   *[other] { $action } 응답 없음: 이미지에 ec2-instance-connect가 있는지 알 수 없음
}
reason-eic-image-unseen-short = 이미지에 ec2-instance-connect가 있는지 알 수 없음
reason-eic-package-unseen = ec2-instance-connect 패키지가 설치되어 있는지 밖에서는 알 수 없음
reason-eic-package-unseen-short = ec2-instance-connect 패키지: 밖에서는 알 수 없음
reason-eic-package-missing = ec2-instance-connect가 없는 이미지: { $image } (나중에 설치했을 수 있음)
reason-eic-package-missing-short = 이미지에 ec2-instance-connect가 없음
fix-eic-package-missing = aws ssm send-command --instance-ids { $id } --document-name AWS-RunShellScript --parameters 'commands=["(command -v yum >/dev/null && yum install -y ec2-instance-connect) || (apt-get update && apt-get install -y ec2-instance-connect)"]' { $place }
reason-eic-package-missing-unmanaged = ec2-instance-connect가 없는 이미지: { $image } (나중에 설치했을 수 있음)
reason-eic-package-missing-unmanaged-short = 이미지에 ec2-instance-connect가 없음
fix-eic-package-missing-unmanaged-note = 다른 방법으로 접속해 설치하십시오: sudo yum install ec2-instance-connect 또는 sudo apt-get install ec2-instance-connect
reason-eic-package-unsupported = Amazon Linux 1용 ec2-instance-connect는 없음({ $image })
reason-eic-package-unsupported-short = Amazon Linux 1용 ec2-instance-connect는 없음
reason-eic-user-not-taken = EC2 Instance Connect가 받지 않는 사용자 이름: { $user }
reason-eic-user-not-taken-short = EC2 Instance Connect가 받지 않는 사용자 이름

# SSH with a key pair
reason-ssh-windows = Windows에서는 OpenSSH Server가 기본으로 켜져 있지 않음
reason-ssh-no-key-pair = 키 페어 없이 시작된 인스턴스
reason-ssh-key-not-set = 시작할 때 키 페어를 고르지 않았고, 설정된 키 파일도 없음
reason-ssh-key-not-set-short = 키 페어도 설정된 키 파일도 없음
fix-ssh-key-not-set = ec2dash connect { $id }{ AGAIN() } --identity FILE
fix-ssh-key-not-set-note = FILE은 프라이빗 키입니다. 계속 쓰려면 config.toml의 [[rule]]에 key = "FILE"을 적으세요
reason-ssh-key-not-found = 이 컴퓨터에 프라이빗 키가 없음(키 페어: { $key })
fix-ssh-key-not-found = ec2dash connect { $id }{ AGAIN() } --identity FILE
fix-ssh-key-not-found-note = FILE은 프라이빗 키입니다. 계속 쓰려면 config.toml의 [[rule]]에 key = "FILE"을 적으세요
reason-ssh-key-not-found-short = 프라이빗 키를 찾지 못함: { $key }
reason-ssh-key-untold = 인스턴스가 받는 키인지 알 수 없음: { $key }
reason-ssh-key-untold-short = 인스턴스가 받는 키인지 알 수 없음
reason-ssh-key-other = 키 페어({ $pair })와 다른 키: { $key }
reason-ssh-key-other-short = 키 페어와 다른 키 파일
reason-ssh-key-missing = 키 파일이 없음: { $key }
reason-ssh-key-missing-short = 설정된 키 파일이 없음
reason-ssh-key-unreadable = 키 파일을 읽을 수 없음: { $key }
reason-ssh-key-unreadable-short = 키 파일을 읽을 수 없음
reason-ssh-key-too-open = 다른 사용자가 읽을 수 있어 ssh가 거부하는 키: { $key }
reason-ssh-key-too-open-short = 다른 사용자가 읽을 수 있어 ssh가 거부하는 키
fix-ssh-key-too-open = chmod 400 { $word }
reason-ssh-key-putty = OpenSSH가 읽을 수 없는 PuTTY 키: { $key }
reason-ssh-key-putty-short = OpenSSH가 읽을 수 없는 PuTTY 키
fix-ssh-key-putty = puttygen { $word } -O private-openssh -o { $converted }
reason-ssh-key-line-ends = Windows 줄 끝이거나 마지막 줄 끝이 없어 OpenSSH가 읽을 수 없는 키: { $key }
reason-ssh-key-line-ends-short = OpenSSH가 읽을 수 없는 줄 끝의 키 파일
fix-ssh-key-line-ends = (umask 077; (tr -d '\r' < { $word }; echo) > { $word }.new && mv { $word }.new { $word })
reason-ssh-key-public = 퍼블릭 키: { $key }. ssh에는 프라이빗 키가 필요함
reason-ssh-key-public-short = 키 파일이 퍼블릭 키임

# Session Manager
reason-ssm-pending = Systems Manager에 조회하는 중
reason-ssm-unseen = { $why ->
    [access_denied] { $action } 거부됨: 에이전트가 온라인인지 알 수 없음
   *[other] { $action } 응답 없음: 에이전트가 온라인인지 알 수 없음
}
reason-ssm-unseen-short = 에이전트가 온라인인지 알 수 없음
reason-ssm-kept = { $why ->
    [access_denied] { $age } 전에 읽은 등록 정보, 그 뒤 { $action } 거부됨
    [throttled] { $age } 전에 읽은 등록 정보, 그 뒤 { $action } 요청 제한됨
    [timeout] { $age } 전에 읽은 등록 정보, 그 뒤 { $action } 응답 시간 초과
   *[other] { $age } 전에 읽은 등록 정보, 그 뒤 { $action } 실패
}
reason-ssm-kept-short = { $age } 전에 읽은 등록 정보
reason-ssm-starting = { $age } 전에 시작됨, 에이전트가 아직 준비되지 않았을 수 있음
reason-ssm-not-registered = Systems Manager에 등록되지 않음
fix-ssm-not-registered = sudo systemctl status amazon-ssm-agent
fix-ssm-not-registered-note = 인스턴스에서 실행하세요. Ubuntu: sudo snap services amazon-ssm-agent
reason-ssm-metadata-off = 인스턴스 메타데이터가 꺼져 있어 에이전트에 자격 증명이 없음
reason-ssm-metadata-off-short = 메타데이터 꺼짐: 에이전트에 자격 증명이 없음
fix-ssm-metadata-off = aws ec2 modify-instance-metadata-options --instance-id { $id } --http-endpoint enabled --http-tokens required { $place }
reason-ssm-no-profile = 인스턴스 프로파일이 연결되지 않음. 기본 호스트 관리(Default Host Management)만 대신할 수 있음
reason-ssm-no-profile-short = 인스턴스 프로파일이 연결되지 않음
fix-ssm-no-profile = aws ec2 associate-iam-instance-profile --instance-id { $id } --iam-instance-profile Name=PROFILE { $place }
fix-ssm-no-profile-note = PROFILE은 역할에 AmazonSSMManagedInstanceCore가 있는 인스턴스 프로파일입니다
reason-ssm-profile-without-role = 역할이 없는 인스턴스 프로파일: { $profile }
reason-ssm-profile-without-role-short = 인스턴스 프로파일에 역할이 없음
fix-ssm-profile-without-role = aws iam add-role-to-instance-profile --instance-profile-name { $profile-word } --role-name ROLE
fix-ssm-profile-without-role-note = ROLE은 AmazonSSMManagedInstanceCore가 있는 역할입니다
reason-ssm-role-lacks = 역할 { $role }: 없는 권한 { $actions }
reason-ssm-role-lacks-short = 역할에 에이전트가 쓸 권한이 부족함
fix-ssm-role-lacks = aws iam attach-role-policy --role-name { $role-word } --policy-arn arn:{ $partition }:iam::aws:policy/AmazonSSMManagedInstanceCore
reason-ssm-role-unseen = { $why ->
    [access_denied] { $action } 거부됨: 역할의 권한을 알 수 없음({ $role })
    [undecided] 여기서 평가하지 않는 조건에 따라 달라지는 역할의 권한({ $role })
   *[other] { $action } 응답 없음: 역할의 권한을 알 수 없음({ $role })
}
reason-ssm-role-unseen-short = 역할의 권한을 알 수 없음
reason-ssm-agent-not-in-image = SSM Agent가 없는 이미지: { $image }
reason-ssm-agent-not-in-image-short = 이미지에 SSM Agent가 없음
fix-ssm-agent-not-in-image-note = 다른 접속 방법으로 설치하세요: https://docs.aws.amazon.com/systems-manager/latest/userguide/manually-install-ssm-agent-linux.html
reason-ssm-agent-silent = 에이전트 무응답: { $age }
fix-ssm-agent-silent = sudo systemctl restart amazon-ssm-agent
fix-ssm-agent-silent-note = 인스턴스에서 실행하세요. Ubuntu: sudo snap restart amazon-ssm-agent
reason-ssm-agent-lost = 에이전트의 응답이 끊김
fix-ssm-agent-lost = sudo systemctl restart amazon-ssm-agent
fix-ssm-agent-lost-note = 인스턴스에서 실행하세요. Ubuntu: sudo snap restart amazon-ssm-agent
reason-ssm-agent-unsaid = 에이전트가 응답하는지 Systems Manager가 알려 주지 않음
reason-ssm-previous-boot = 마지막 시작 전에는 응답했으나 그 뒤로는 없음
reason-ssm-ping-old = 에이전트가 온라인으로 되어 있으나 마지막 응답은 { $age } 전
reason-ssm-agent-too-old = 오래된 SSM Agent: { $version } (최소 { $least })
reason-ssm-agent-version-unseen = 에이전트 버전이 보고되지 않음
reason-ssm-ssh-agent-slow = 오래된 SSM Agent: { $version } (최소 { $least }). SSH 전송이 느림
reason-ssm-ssh-agent-too-old = SSH 세션에는 너무 오래된 SSM Agent: { $version } (최소 { $least })
reason-ssm-ssh-agent-slow-short = SSM Agent { $version }: SSH 전송이 느림
reason-ssm-ssh-agent-too-old-short = SSM Agent { $version }: SSH에는 너무 오래됨
reason-ssm-ssh-no-key = 쓸 수 있는 키를 모름(사용자: { $user }): 이미지가 푸시한 키를 받지 않을 수 있고, 키 파일도 없음
reason-ssm-ssh-no-key-short = 쓸 수 있는 키를 모름: { $user }
fix-ssm-ssh-no-key = ec2dash connect { $id }{ AGAIN() } --method ssm-ssh --identity FILE
fix-ssm-ssh-no-key-note = FILE은 프라이빗 키입니다. 셸에는 필요 없습니다: --method ssm

# What all rules say of a way, in a word
verdict-works = 가능
verdict-likely = 가능성 높음
verdict-unknown = 알 수 없음
verdict-unknown-moot = 알 수 없으나 상관없음: { $method } 사용 가능
verdict-unknown-decides = 알 수 없고 중요함: 가능하다고 확인된 다른 방법이 없음
verdict-blocked = 막힘
verdict-not-applicable = 해당 없음
# A cause and the ways it closes: `ssm, ssm-ssh: the instance is stopped`
cause-of = { $methods }: { $cause }

# EC2 Instance Connect Endpoint
reason-eice-pending = VPC에 어떤 엔드포인트가 있는지 아직 확인하는 중
reason-eice-unseen = { $why ->
    [access_denied] { $action } 거부됨: VPC에 엔드포인트가 있는지 알 수 없음
   *[other] { $action } 응답 없음: VPC에 엔드포인트가 있는지 알 수 없음
}
reason-eice-unseen-short = VPC에 엔드포인트가 있는지 알 수 없음
reason-eice-kept = { $why ->
    [access_denied] VPC 정보는 이전에 읽은 것이고, 그 뒤로 { $action } 거부됨
   *[other] VPC 정보는 이전에 읽은 것이고, 그 뒤로 { $action } 응답 없음
}
reason-eice-kept-short = VPC 정보는 이전에 읽은 것
reason-net-kept = { $why ->
    [access_denied] { $age } 전에 읽은 네트워크 정보, 그 뒤 { $action } 거부됨
    [throttled] { $age } 전에 읽은 네트워크 정보, 그 뒤 { $action } 요청 제한됨
    [timeout] { $age } 전에 읽은 네트워크 정보, 그 뒤 { $action } 응답 시간 초과
   *[other] { $age } 전에 읽은 네트워크 정보, 그 뒤 { $action } 실패
}
reason-net-kept-short = { $age } 전에 읽은 네트워크 정보
reason-eice-no-endpoint = VPC에 EC2 Instance Connect Endpoint가 없음: { $vpc }
reason-eice-no-endpoint-short = VPC에 엔드포인트 없음
fix-eice-no-endpoint = aws ec2 create-instance-connect-endpoint --subnet-id { $subnet } { $place }
reason-eice-no-such-endpoint = 여기에 없는 엔드포인트: { $endpoint }
reason-eice-unusable = 쓸 수 있는 엔드포인트가 없음: { $endpoints }
reason-eice-unusable-short = VPC에 쓸 수 있는 엔드포인트가 없음
reason-eice-coming = 엔드포인트 { $endpoint } 생성 중(몇 분 걸림)
reason-eice-coming-short = 엔드포인트 생성 중
reason-eice-state-unknown = 이 버전이 모르는 상태의 엔드포인트: { $endpoint } ({ $state })
reason-eice-state-unknown-short = 엔드포인트의 상태를 알 수 없음
reason-eice-family = 주소 유형이 맞지 않는 엔드포인트: { $endpoint } ({ $type }), 이 주소: { $address }
reason-eice-family-short = 엔드포인트가 이런 주소로 이어지지 않음
reason-eice-not-yours = 소유 계정만 쓸 수 있는 엔드포인트: { $endpoint } (소유 계정 { $owner })
reason-eice-not-yours-short = 다른 계정의 엔드포인트
reason-eice-port = 엔드포인트는 22번과 3389번 포트로만 이어짐(요청한 포트: { $port })
reason-eice-windows = Windows에서는 OpenSSH Server가 기본으로 꺼져 있음
reason-eice-client-ip-limits = 클라이언트 주소 유지 설정은 이 인스턴스에서 동작하지 않음: { $endpoint }
reason-eice-client-ip-limits-short = 엔드포인트의 클라이언트 주소 유지 설정
reason-eice-client-ip = 클라이언트 주소를 유지하는 엔드포인트 { $endpoint }: { $groups } 그룹에서 내 주소나 { $endpoint-groups } 그룹의 인바운드(포트 { $port })를 허용해야 함
reason-eice-client-ip-short = 인스턴스의 그룹에서 내 주소를 허용해야 함
reason-eice-groups-pending = 보안 그룹이 무엇을 허용하는지 아직 확인하는 중
reason-eice-groups-unseen = { $why ->
    [access_denied] { $action } 거부됨: 보안 그룹이 엔드포인트를 허용하는지 알 수 없음
   *[other] { $action } 응답 없음: 보안 그룹이 엔드포인트를 허용하는지 알 수 없음
}
reason-eice-groups-unseen-short = 보안 그룹이 허용하는지 알 수 없음
reason-eice-outbound-closed = 엔드포인트({ $endpoint })의 그룹 { $endpoint-groups }: { $address } 포트 { $port } 아웃바운드가 허용되지 않음
reason-eice-outbound-closed-short = 엔드포인트 그룹의 아웃바운드가 막힘
fix-eice-outbound-closed = aws ec2 authorize-security-group-egress --group-id { $endpoint-group } --ip-permissions IpProtocol=tcp,FromPort={ $port },ToPort={ $port },UserIdGroupPairs=[{"{"}GroupId={ $group }{"}"}] { $place }
reason-eice-outbound-unclear = { $endpoint-groups } 그룹이 { $address } 포트 { $port } 아웃바운드를 허용하는지는 접두사 목록이나 읽지 않은 그룹에 달려 있음
reason-eice-outbound-unclear-short = 엔드포인트 그룹이 허용하는지 분명하지 않음
reason-eice-group-closed = { $groups } 그룹: 엔드포인트({ $endpoint })의 그룹 { $endpoint-groups }, 포트 { $port } 인바운드가 허용되지 않음
reason-eice-group-closed-short = 인스턴스 그룹이 엔드포인트를 막음
fix-eice-group-closed = aws ec2 authorize-security-group-ingress --group-id { $group } --protocol tcp --port { $port } --source-group { $endpoint-group } { $place }
reason-eice-group-unclear = { $groups } 그룹이 엔드포인트({ $endpoint }, 포트 { $port })를 허용하는지는 서브넷 안의 주소나 접두사 목록에 달려 있음
reason-eice-group-unclear-short = 인스턴스 그룹이 허용하는지 분명하지 않음

# 네트워크
reason-net-group-closed = { $groups } 그룹: { $ip } 주소, 포트 { $port } 인바운드가 허용되지 않음
reason-net-group-closed-short = 보안 그룹이 사용자의 주소를 허용하지 않음
fix-net-group-closed = aws ec2 authorize-security-group-ingress --group-id { $group } --ip-permissions { $permission } { $place }
fix-net-group-closed-note = 이 그룹이 연결된 다른 것에도 열립니다. 되돌리려면 authorize 대신 revoke로 같은 명령을 실행하세요
reason-net-group-shut = { $groups } 그룹: 외부 주소의 포트 { $port } 인바운드가 허용되지 않음
reason-net-group-shut-short = 보안 그룹이 포트 { $port } 인바운드를 허용하지 않음
reason-net-group-unread = 읽지 못한 그룹이 있어 포트 { $port } 허용 여부를 알 수 없음: { $groups }
reason-net-group-unread-short = 읽지 못한 보안 그룹이 있음
reason-net-groups-pending = 보안 그룹을 확인하지 않음
reason-net-groups-unseen = { $why ->
    [access_denied] { $action } 거부됨: 보안 그룹이 허용하는지 알 수 없음
   *[other] { $action } 응답 없음: 보안 그룹이 허용하는지 알 수 없음
}
reason-net-groups-unseen-short = 보안 그룹이 허용하는지 알 수 없음
reason-net-list-unread = { $groups } 그룹이 { $ip } 주소(포트 { $port })를 허용하는지는 읽지 못한 접두사 목록에 달려 있음: { $lists }
reason-net-list-unread-short = 읽지 못한 접두사 목록에 달려 있음
reason-net-source-unknown = { $groups } 그룹의 포트 { $port } 허용 대상: { $sources } (AWS가 보는 사용자의 주소를 알 수 없음)
reason-net-source-unknown-short = AWS가 보는 사용자의 주소를 알 수 없음
fix-net-source-unknown-note = 주소를 지정하세요: ec2dash doctor { $id }{ AGAIN() } --from ADDRESS
reason-net-open-to-all = 포트 { $port } 인바운드가 인터넷 전체에 열려 있음: { $groups }
reason-net-open-to-all-short = 포트 { $port } 인바운드가 인터넷 전체에 열려 있음
reason-net-interface-unread = 네트워크 인터페이스({ $address })를 알 수 없어 그룹, ACL, 라우팅을 확인하지 않음
reason-net-interface-unread-short = 네트워크 인터페이스를 알 수 없음
reason-net-acl-shut = 네트워크 ACL { $acl }: 포트 { $port } 인바운드가 어떤 주소에도 허용되지 않음
reason-net-acl-shut-short = 네트워크 ACL이 포트 { $port } 인바운드를 허용하지 않음
reason-net-acl-in = 네트워크 ACL { $acl }, 규칙 { $rule }: { $ip } 주소의 포트 { $port } 인바운드 거부
reason-net-acl-in-short = 네트워크 ACL이 사용자의 주소를 허용하지 않음
fix-net-acl-in = aws ec2 create-network-acl-entry --network-acl-id { $acl-word } --ingress --rule-number { $free } --protocol tcp --port-range From={ $port },To={ $port } { $block } --rule-action allow { $place }
fix-net-acl-in-note = 서브넷 전체에 적용됩니다. 되돌리려면 같은 번호로 delete-network-acl-entry를 실행하세요
reason-net-acl-out = 네트워크 ACL { $acl }, 규칙 { $rule }: { $ip } 주소로 나가는 응답(포트 1024~65535) 거부
reason-net-acl-out-short = 네트워크 ACL이 응답을 내보내지 않음
fix-net-acl-out = aws ec2 create-network-acl-entry --network-acl-id { $acl-word } --egress --rule-number { $free } --protocol tcp --port-range From=1024,To=65535 { $block } --rule-action allow { $place }
fix-net-acl-out-note = 서브넷 전체에 적용됩니다. 되돌리려면 같은 번호로 delete-network-acl-entry를 실행하세요
reason-net-acl-out-partly = 네트워크 ACL { $acl }, 규칙 { $rule }: { $ip } 주소로 나가는 응답 일부 거부 (첫 포트 { $first })
reason-net-acl-out-partly-short = 네트워크 ACL이 응답 일부를 막음
fix-net-acl-out-partly = aws ec2 create-network-acl-entry --network-acl-id { $acl-word } --egress --rule-number { $free } --protocol tcp --port-range From=1024,To=65535 { $block } --rule-action allow { $place }
fix-net-acl-out-partly-note = 서브넷 전체에 적용됩니다. 되돌리려면 같은 번호로 delete-network-acl-entry를 실행하세요
reason-net-acls-pending = 네트워크 ACL을 확인하지 않음
reason-net-acls-unseen = { $why ->
    [access_denied] { $action } 거부됨: 네트워크 ACL이 허용하는지 알 수 없음
   *[other] { $action } 응답 없음: 네트워크 ACL이 허용하는지 알 수 없음
}
reason-net-acls-unseen-short = 네트워크 ACL이 허용하는지 알 수 없음
reason-net-route-none = 퍼블릭 서브넷이 아님: { $subnet } (라우팅 테이블: { $table }, 대상: { $target }. 응답이 인터넷 게이트웨이로 나가지 않음)
reason-net-route-none-short = 퍼블릭 서브넷이 아님
reason-net-route-elsewhere = { $source } 주소로 가는 응답이 { $target } 대상으로 나감: 그 뒤는 볼 수 없음 ({ $subnet })
reason-net-route-elsewhere-short = 응답이 나가는 곳({ $target })의 뒤는 볼 수 없음
reason-net-route-list-unread = 응답 경로가 읽지 못한 접두사 목록에 달려 있음: { $list }
reason-net-route-list-unread-short = 경로가 접두사 목록에 달려 있음
reason-net-routes-pending = 라우팅 테이블을 확인하지 않음
reason-net-routes-unseen = { $why ->
    [access_denied] { $action } 거부됨: 퍼블릭 서브넷인지 알 수 없음
   *[other] { $action } 응답 없음: 퍼블릭 서브넷인지 알 수 없음
}
reason-net-routes-unseen-short = 퍼블릭 서브넷인지 알 수 없음
reason-net-gateway-detached = 인터넷 게이트웨이가 VPC에 연결되지 않음: { $target }
reason-net-gateway-detached-short = 인터넷 게이트웨이가 연결되지 않음
reason-net-public-access = VPC 퍼블릭 액세스 차단({ $mode })이 인터넷에서 들어오는 연결을 막음
reason-net-public-access-short = VPC 퍼블릭 액세스 차단이 인터넷을 막음
fix-net-public-access-note = 계정 관리자가 결정할 일입니다. 서브넷을 예외로 두면 통과합니다. ssm과 eice에는 필요하지 않습니다
reason-net-public-access-unknown = VPC 퍼블릭 액세스 차단: 이 버전이 모르는 모드 ({ $mode })
reason-net-public-access-unknown-short = VPC 퍼블릭 액세스 차단: 모르는 모드
reason-net-public-access-unseen = { $why ->
    [access_denied] { $action } 권한이 없어 VPC 퍼블릭 액세스 차단이 인터넷을 막는지 알 수 없습니다
   *[other] { $action } 응답이 없어 VPC 퍼블릭 액세스 차단이 인터넷을 막는지 알 수 없습니다
}
reason-net-public-access-unseen-short = VPC 퍼블릭 액세스 차단: 알 수 없음

# 통과한 규칙
pass-instance-running = 인스턴스가 실행 중
pass-ssh-here = OpenSSH { $version } 있음
pass-address-public = 퍼블릭 IP { $ip }
pass-address-ipv6 = IPv6 주소 { $ip }, 이 컴퓨터에 IPv6 있음
pass-address-routed = 이 컴퓨터에 { $ip } 경로가 있음 ({ $route })
pass-eic-metadata-on = 인스턴스 메타데이터가 켜져 있어 푸시한 키를 읽을 수 있음
pass-eic-package-in-image = 이 AMI에 ec2-instance-connect 포함
pass-eic-user-taken = EC2 Instance Connect가 받는 사용자: { $user }
pass-ssh-key-found = 프라이빗 키: { $key }
pass-ssh-key-in-agent = 에이전트에 프라이빗 키가 있음
pass-ssm-agent-online = 에이전트 온라인 ({ $version })
pass-ssm-role-grants = 역할에 세션에 필요한 권한이 있음: { $role }
pass-eice-ready = 엔드포인트 준비됨: { $endpoint } ({ $state })
pass-eice-outbound-open = { $endpoint-groups } 그룹: { $address } 주소, 포트 { $port } 아웃바운드 허용
pass-eice-group-open = { $groups } 그룹: { $endpoint-groups } 그룹의 포트 { $port } 인바운드 허용
pass-net-group-open = { $groups } 그룹: 사용자의 포트 { $port } 인바운드 허용
pass-net-group-open-to-some = { $groups } 그룹: 포트 { $port } 인바운드가 일부에 허용됨
pass-net-acl-open = 네트워크 ACL이 사용자의 주소를 허용: { $acl }
pass-net-acl-replies = 네트워크 ACL이 응답을 내보냄: { $acl }
pass-net-route-public = 퍼블릭 서브넷: { $subnet } ({ $target })
pass-net-public-access-off = VPC 퍼블릭 액세스 차단 꺼짐

# 세션 채널
reason-ssm-channel-closed = 에이전트는 온라인이지만 세션 채널이 연결되지 않음
reason-ssm-channel-closed-short = 에이전트의 세션 채널이 연결되지 않음
fix-ssm-channel-closed-note = 역할에 ssmmessages 작업을 허용하고 VPC에 ssmmessages로 가는 길을 두세요. 그다음 에이전트를 다시 시작하거나 기다리세요
reason-ssm-channel-starting = { $age } 전에 시작됨: 에이전트의 세션 채널이 아직 연결되지 않음
reason-ssm-channel-starting-short = 세션 채널이 아직 연결되지 않음
reason-ssm-channel-unseen = { $why ->
    [access_denied] { $action } 거부됨: 세션 채널이 연결되었는지 알 수 없음
   *[other] { $action } 응답 없음: 세션 채널이 연결되었는지 알 수 없음
}
reason-ssm-channel-unseen-short = 세션 채널이 연결되었는지 알 수 없음
pass-ssm-channel-open = 세션 채널 연결됨

# 두 서브넷 사이의 ACL
reason-eice-acl = 네트워크 ACL { $acl }: 엔드포인트({ $endpoint })에서 인스턴스의 포트 { $port } 연결이 막힘
reason-eice-acl-short = 네트워크 ACL이 엔드포인트를 막음
reason-eice-acl-replies = 네트워크 ACL { $acl }: 엔드포인트({ $endpoint })로 가는 응답이 막힘
reason-eice-acl-replies-short = 네트워크 ACL이 응답을 막음
reason-jump-acl = 네트워크 ACL { $acl }: 점프 호스트({ $jump })에서 인스턴스의 포트 { $port } 연결이 막힘
reason-jump-acl-short = 네트워크 ACL이 점프 호스트를 막음
reason-jump-acl-replies = 네트워크 ACL { $acl }: 점프 호스트({ $jump })로 가는 응답이 막힘
reason-jump-acl-replies-short = 네트워크 ACL이 점프 호스트로 가는 응답을 막음
reason-net-table-unread = 라우팅 테이블을 알 수 없음: { $subnet }
reason-net-table-unread-short = 라우팅 테이블을 알 수 없음

# 에이전트에서 Systems Manager로 가는 경로
reason-ssm-no-path = { $subnet } 서브넷에서 나가는 경로가 없음({ $services }): { $why ->
    [blackhole] 라우팅 테이블({ $table })의 대상이 사라짐: { $target }
    [detached] 연결되지 않은 인터넷 게이트웨이: { $target }
    [no-address] 라우팅 테이블({ $table })의 대상은 인터넷 게이트웨이인데 인스턴스에 퍼블릭 주소가 없음
    [nat-state] NAT 게이트웨이 { $target } 상태: { $state }
    [nat-subnet] NAT 게이트웨이({ $target })의 서브넷({ $state })에 인터넷 경로가 없음
   *[other] 라우팅 테이블({ $table })에 인터넷 경로가 없음
}. VPC 엔드포인트도 없음
reason-ssm-no-path-short = Systems Manager로 나가는 경로가 없음
fix-ssm-no-path = aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --private-dns-enabled --vpc-id { $vpc-word } --service-name com.amazonaws.{ $region }.{ $service } --subnet-ids { $subnet-word } --security-group-ids GROUP { $place }
fix-ssm-no-path-note = 서비스마다 필요합니다: { $services }. GROUP은 VPC의 포트 443 인바운드를 허용해야 합니다. 시간당 요금이 들고 VPC 전체에 적용됩니다. NAT 게이트웨이로도 됩니다
reason-ssm-public-access = VPC Block Public Access({ $state }) 때문에 { $target } 서브넷에서 인터넷으로 나갈 수 없음: { $services } 경로 없음
reason-ssm-public-access-short = VPC Block Public Access: 나가는 경로가 없음
fix-ssm-public-access-note = 서브넷을 제외하거나 VPC 엔드포인트({ $services })를 만드세요. 계정 담당자에게 문의하세요
reason-ssm-path-elsewhere = Systems Manager로 가는 패킷이 나가는 대상: { $target } (그 뒤는 볼 수 없음)
reason-ssm-path-elsewhere-short = 나가는 대상({ $target })의 뒤는 볼 수 없음
reason-ssm-path-unread = 인스턴스의 네트워크 인터페이스나 라우팅 테이블을 AWS가 알려 주지 않아 Systems Manager 경로를 알 수 없음
reason-ssm-path-unread-short = 에이전트가 나가는 경로를 알 수 없음
reason-ssm-endpoints-unseen = { $why ->
    [access_denied] { $action } 거부됨: VPC에 Systems Manager 엔드포인트가 있는지 알 수 없음
    [undecided] 다른 계정의 VPC: 엔드포인트는 그 계정만 모두 볼 수 있음
   *[other] { $action } 응답 없음: VPC에 Systems Manager 엔드포인트가 있는지 알 수 없음
}
reason-ssm-endpoints-unseen-short = VPC에 에이전트용 엔드포인트가 있는지 알 수 없음
reason-ssm-routes-unseen = { $why ->
    [access_denied] { $action } 거부됨: 에이전트가 나가는 경로를 알 수 없음
    [undecided] 다른 계정의 VPC: 라우팅 테이블은 그 계정만 볼 수 있음
   *[other] { $action } 응답 없음: 에이전트가 나가는 경로를 알 수 없음
}
reason-ssm-routes-unseen-short = 에이전트가 나가는 경로를 알 수 없음
reason-ssm-nat-unseen = { $why ->
    [access_denied] { $action } 거부됨: NAT 게이트웨이가 동작하는지 알 수 없음
   *[other] { $action } 응답 없음: NAT 게이트웨이가 동작하는지 알 수 없음
}
reason-ssm-nat-unseen-short = NAT 게이트웨이가 동작하는지 알 수 없음
reason-ssm-endpoint-unavailable = VPC 엔드포인트 { $endpoints } 상태: { $state }
reason-ssm-endpoint-unavailable-short = VPC 엔드포인트 상태: { $state }
reason-ssm-endpoint-acl = 네트워크 ACL { $acl }: { $way ->
    [reply] VPC 엔드포인트의 응답이 허용되지 않음({ $endpoints })
   *[packet] VPC 엔드포인트로 가는 패킷이 허용되지 않음({ $endpoints })
}
reason-ssm-endpoint-acl-short = 네트워크 ACL이 VPC 엔드포인트를 막음
reason-ssm-endpoint-closed = VPC 엔드포인트({ $endpoints })의 그룹 { $groups }: { $address } 주소, 포트 443 인바운드가 허용되지 않음
reason-ssm-endpoint-closed-short = VPC 엔드포인트의 그룹이 에이전트를 막음
fix-ssm-endpoint-closed = aws ec2 authorize-security-group-ingress --group-id { $group } --protocol tcp --port 443 --source-group { $own-group } { $place }
reason-ssm-endpoint-unclear = VPC 엔드포인트({ $endpoints })의 그룹 { $groups }: { $address } 주소의 포트 443 인바운드를 허용하는지 알 수 없음
reason-ssm-endpoint-unclear-short = VPC 엔드포인트가 에이전트를 허용하는지 알 수 없음
reason-ssm-endpoint-no-name = VPC 엔드포인트에 프라이빗 DNS 이름이 없어 에이전트가 찾아가지 못함: { $endpoints }
reason-ssm-endpoint-no-name-short = VPC 엔드포인트에 프라이빗 DNS 이름이 없음
fix-ssm-endpoint-no-name = aws ec2 modify-vpc-endpoint --vpc-endpoint-id { $endpoint-word } --private-dns-enabled { $place }
fix-ssm-endpoint-no-name-note = VPC 전체에 적용됩니다. 프라이빗 호스팅 영역이 대신할 수도 있으나 여기서는 볼 수 없습니다
reason-ssm-endpoint-policy = 에이전트를 막을 수 있는 정책이 있는 VPC 엔드포인트: { $endpoints }
reason-ssm-endpoint-policy-short = VPC 엔드포인트에 별도의 정책이 있음
reason-ssm-vpc-dns-off = { $vpc } VPC의 { $attribute } 속성이 꺼져 있어 VPC 엔드포인트의 이름을 쓸 수 없음: { $endpoints }
reason-ssm-vpc-dns-off-short = VPC의 { $attribute } 속성이 꺼져 있음
fix-ssm-vpc-dns-off = aws ec2 modify-vpc-attribute --vpc-id { $vpc-word } --enable-dns-{ $option } { $place }
reason-ssm-vpc-dns-unseen = { $why ->
    [access_denied] { $action } 거부됨: VPC 엔드포인트의 이름을 쓸 수 있는지 알 수 없음({ $endpoints })
   *[other] { $action } 응답 없음: VPC 엔드포인트의 이름을 쓸 수 있는지 알 수 없음({ $endpoints })
}
reason-ssm-vpc-dns-unseen-short = VPC 엔드포인트의 이름을 쓸 수 있는지 알 수 없음
reason-ssm-outbound-closed = { $groups } 그룹: { $target ->
    [internet] 인터넷으로 나가는
   *[other] { $target } 쪽으로 나가는
} 포트 443 아웃바운드가 허용되지 않음
reason-ssm-outbound-closed-short = 보안 그룹이 HTTPS 아웃바운드를 허용하지 않음
fix-ssm-outbound-closed = aws ec2 authorize-security-group-egress --group-id { $group } --protocol tcp --port 443 --cidr 0.0.0.0/0 { $place }
fix-ssm-outbound-closed-note = 이 그룹이 연결된 다른 것에도 열립니다. 되돌리려면 authorize 대신 revoke로 같은 명령을 실행하세요
reason-ssm-outbound-unclear = { $groups } 그룹이 포트 443 아웃바운드({ $target ->
    [internet] Systems Manager
   *[other] { $target }
})를 허용하는지는 주소, 접두사 목록이나 읽지 않은 그룹에 달려 있음
reason-ssm-outbound-unclear-short = 보안 그룹이 HTTPS 아웃바운드를 허용하는지 분명하지 않음
reason-ssm-outbound-unseen = { $why ->
    [access_denied] { $action } 거부됨: 보안 그룹이 에이전트의 아웃바운드를 허용하는지 알 수 없음
   *[other] { $action } 응답 없음: 보안 그룹이 에이전트의 아웃바운드를 허용하는지 알 수 없음
}
reason-ssm-outbound-unseen-short = 보안 그룹의 아웃바운드를 알 수 없음
reason-ssm-acl-out = 네트워크 ACL { $acl }: HTTPS 아웃바운드가 허용되지 않음
reason-ssm-acl-out-short = 네트워크 ACL이 HTTPS 아웃바운드를 허용하지 않음
fix-ssm-acl-out = aws ec2 create-network-acl-entry --network-acl-id { $acl-word } --egress --rule-number 1 --protocol tcp --port-range From=443,To=443 --cidr-block 0.0.0.0/0 --rule-action allow { $place }
fix-ssm-acl-out-note = 서브넷 전체에 적용됩니다. 1이 쓰이고 있으면 다른 번호를 쓰세요
reason-ssm-acl-replies = 네트워크 ACL { $acl }: 응답(포트 1024~65535) 인바운드가 허용되지 않음
reason-ssm-acl-replies-short = 네트워크 ACL이 응답을 들여보내지 않음
fix-ssm-acl-replies = aws ec2 create-network-acl-entry --network-acl-id { $acl-word } --ingress --rule-number 1 --protocol tcp --port-range From=1024,To=65535 --cidr-block 0.0.0.0/0 --rule-action allow { $place }
fix-ssm-acl-replies-note = 서브넷 전체에 적용됩니다. 1이 쓰이고 있으면 다른 번호를 쓰세요
reason-ssm-acls-unseen = { $why ->
    [access_denied] { $action } 거부됨: 네트워크 ACL이 에이전트의 아웃바운드를 허용하는지 알 수 없음
   *[other] { $action } 응답 없음: 네트워크 ACL이 에이전트의 아웃바운드를 허용하는지 알 수 없음
}
reason-ssm-acls-unseen-short = 네트워크 ACL의 아웃바운드를 알 수 없음
pass-ssm-path-out = { $target } 경로로 나갈 수 있는 것으로 보임: { $services }
pass-ssm-endpoint-open = { $groups } 그룹이 { $address } 주소를 허용함: { $endpoints }
pass-ssm-outbound-open = { $groups } 그룹이 HTTPS 아웃바운드를 허용함: { $target ->
    [internet] 인터넷
   *[other] { $target }
}

# 호출자, 리전, 시계, 호스트
reason-caller-unseen = { $why ->
    [access_denied] { $action } 거부됨: 누가 호출하는지 알 수 없음
   *[other] { $action } 응답 없음: 누가 호출하는지 알 수 없음
}
reason-caller-unseen-short = 누가 호출하는지 알 수 없음
reason-region-off = 이 계정에서 활성화하지 않은 리전: { $region }
reason-region-off-short = 활성화하지 않은 리전
fix-region-off = aws account enable-region --region-name { $region }
fix-region-off-note = 몇 분에서 몇 시간이 걸립니다
reason-region-unseen = { $why ->
    [access_denied] { $action } 거부됨: 리전을 활성화했는지 알 수 없음({ $region })
    [undecided] AWS가 알려 주지 않는 리전: { $region }
   *[other] { $action } 응답 없음: 리전을 활성화했는지 알 수 없음({ $region })
}
reason-region-unseen-short = 리전을 활성화했는지 알 수 없음
reason-clock-off = 이 컴퓨터의 시계가 AWS보다 { $age } { $way ->
    [ahead] 빠름
   *[behind] 느림
}: 시각이 다르면 서명이 거부됨
reason-clock-off-short = 이 컴퓨터의 시계 오차: { $age }
fix-clock-off-note = 시계를 맞추세요(NTP 권장)
reason-checks-impaired = 상태 검사 실패: 시스템 { $system }, 인스턴스 { $instance }, 볼륨 { $storage }
reason-checks-impaired-short = EC2 상태 검사 실패
fix-checks-impaired = aws ec2 reboot-instances --instance-ids { $id } { $place }
fix-checks-impaired-note = 시스템 문제라면 중지 후 시작하면 다른 호스트로 옮겨집니다. 인스턴스 스토어의 데이터는 사라집니다
reason-checks-initializing = EC2 상태 검사가 진행 중: 아직 부팅 중일 수 있음
reason-checks-initializing-short = 상태 검사 진행 중
reason-checks-undecided = EC2 상태 검사 결과 없음: 시스템 { $system }, 인스턴스 { $instance }
reason-checks-undecided-short = 상태 검사 결과 없음
reason-checks-unseen = { $why ->
    [access_denied] { $action } 거부됨: 상태 검사를 통과했는지 알 수 없음
   *[other] { $action } 응답 없음: 상태 검사를 통과했는지 알 수 없음
}
reason-checks-unseen-short = 상태 검사를 통과했는지 알 수 없음
reason-event-planned = AWS가 예정한 작업: { $event } ({ $time })
reason-event-planned-short = AWS가 예정한 작업: { $event }
reason-spot = 스팟 인스턴스: 2분 전 통지로 사라질 수 있음
pass-signed-in = 로그인됨: { $caller }
pass-region-on = 활성화된 리전: { $region }
pass-clock-right = 이 컴퓨터의 시계가 맞음
pass-checks-passed = EC2 상태 검사 통과

# 기본 호스트 관리, 계정의 세션 설정
reason-ssm-no-profile-at-all = 인스턴스 프로파일이 연결되지 않았고 기본 호스트 관리(Default Host Management)도 꺼져 있음
reason-ssm-no-profile-at-all-short = 인스턴스 프로파일이 연결되지 않음
fix-ssm-no-profile-at-all = aws ec2 associate-iam-instance-profile --instance-id { $id } --iam-instance-profile Name=PROFILE { $place }
fix-ssm-no-profile-at-all-note = PROFILE은 역할에 AmazonSSMManagedInstanceCore가 있는 인스턴스 프로파일입니다. 에이전트가 찾는 데 최대 30분 걸릴 수 있습니다
reason-ssm-default-host-management-unseen = { $why ->
    [access_denied] 인스턴스 프로파일이 연결되지 않음. { $action } 거부됨: 기본 호스트 관리가 대신하는지 알 수 없음
   *[other] 인스턴스 프로파일이 연결되지 않음. { $action } 응답 없음: 기본 호스트 관리가 대신하는지 알 수 없음
}
reason-ssm-default-host-management-unseen-short = 인스턴스 프로파일이 연결되지 않음
reason-ssm-role-shadowed = 역할 { $role }: 없는 권한 { $actions }. 에이전트가 기본 호스트 관리의 역할을 써야 함
reason-ssm-role-shadowed-short = 에이전트가 기본 호스트 관리의 역할을 써야 함
fix-ssm-role-shadowed = aws iam attach-role-policy --role-name { $role-word } --policy-arn arn:{ $partition }:iam::aws:policy/AmazonSSMManagedInstanceCore
reason-ssm-guest = 인스턴스 안에 원인이 있을 수 있음: 에이전트가 모르는 프록시, TLS 검사, 가득 찬 디스크, 틀린 시계
reason-ssm-guest-short = 인스턴스 안에 원인이 있을 수 있음
fix-ssm-guest = sudo ssm-cli get-diagnostics --output table
fix-ssm-guest-note = 다른 접속 방법으로 인스턴스에서 실행하세요
reason-ssm-tier-standard = EC2 밖의 노드에 세션을 열려면 고급 인스턴스 티어가 필요함(리전 { $region }: 표준 티어)
reason-ssm-tier-standard-short = 고급 인스턴스 티어가 필요함
fix-ssm-tier-standard = aws ssm update-service-setting --setting-id arn:{ $partition }:ssm:{ $region }:{ $account }:servicesetting/ssm/managed-instance/activation-tier --setting-value advanced { $place }
fix-ssm-tier-standard-note = EC2 밖의 노드마다 시간당 요금이 듭니다
reason-ssm-tier-unseen = { $why ->
    [access_denied] { $action } 거부됨: 고급 인스턴스 티어인지 알 수 없음
   *[other] { $action } 응답 없음: 고급 인스턴스 티어인지 알 수 없음
}
reason-ssm-tier-unseen-short = 고급 인스턴스 티어인지 알 수 없음
reason-ssm-preferences-unseen = { $why ->
    [access_denied] { $action } 거부됨: 계정의 세션 설정을 알 수 없음
   *[other] { $action } 응답 없음: 계정의 세션 설정을 알 수 없음
}
reason-ssm-preferences-unseen-short = 계정의 세션 설정을 알 수 없음
reason-ssm-run-as = 셸 사용자: { $user } (인스턴스에 있어야 함. 본인의 SSMSessionRunAs 태그가 있으면 그 사용자)
reason-ssm-run-as-short = 셸 사용자: { $user }
reason-ssm-run-as-unset = 셸 사용자는 본인의 SSMSessionRunAs 태그로 정해지며, 태그가 없으면 세션이 열리지 않음
reason-ssm-run-as-unset-short = 셸 사용자는 본인의 태그로 정해짐
fix-ssm-run-as-unset-note = IAM 사용자나 역할에 SSMSessionRunAs 태그를 달거나 Session Manager 기본 설정에 사용자를 지정하세요
reason-ssm-key-state = 세션을 암호화하는 키의 상태: { $state } ({ $key })
reason-ssm-key-state-short = 세션 키의 상태: { $state }
fix-ssm-key-state-note = 키를 활성화하거나 Session Manager 기본 설정에 다른 키를 지정하세요
reason-ssm-key-unseen = { $why ->
    [access_denied] { $action } 거부됨: 세션 키를 쓸 수 있는지 알 수 없음({ $key })
   *[other] { $action } 응답 없음: 세션 키를 쓸 수 있는지 알 수 없음({ $key })
}
reason-ssm-key-unseen-short = 세션 키를 쓸 수 있는지 알 수 없음
reason-ssm-logged = 세션 출력이 기록되는 곳: { $places }
reason-ssm-logged-short = 세션 출력이 기록됨
reason-ssm-idle = 입력이 없으면 { $minutes }분 뒤 세션이 끝남
pass-ssm-default-host-management = 기본 호스트 관리의 역할: { $role }
pass-ssm-tier-advanced = 고급 인스턴스 티어
pass-ssm-preferences-usual = 계정의 세션 설정이 기본값임
pass-ssm-key-enabled = 활성화된 세션 키: { $key }
reason-ssm-run-as-nobody = 다른 사용자로 셸을 실행해야 하는데 계정에도 본인의 SSMSessionRunAs 태그에도 사용자가 없음
reason-ssm-run-as-nobody-short = 셸 사용자가 정해지지 않음
fix-ssm-run-as-nobody-note = IAM 사용자나 역할에 SSMSessionRunAs 태그를 달거나 Session Manager 기본 설정에 사용자를 지정하세요

# IAM이 시뮬레이션한 호출자의 권한
reason-permission-denied = 허용되지 않은 권한 { $permission }: { $by ->
    [statement] 거부하는 정책 문이 있음
    [boundary] 권한 경계가 허용하지 않음
    [organization] 조직의 정책이 거부함
   *[other] 허용하는 정책 문이 없음
}
reason-permission-denied-short = 정책이 허용하지 않음
fix-permission-denied-note = 권한 담당자에게 문의하세요. 필요한 정책은 ec2dash policy connect-ssm 또는 ec2dash policy connect-eic로 만들 수 있습니다
reason-permission-limited = 허용되지 않은 권한 { $permission }: { $by ->
    [statement] 거부하는 정책 문이 있음
    [boundary] 권한 경계가 허용하지 않음
    [organization] 조직의 정책이 거부함
   *[other] 허용하는 정책 문이 없음
}
reason-permission-limited-short = 정책이 일부를 허용하지 않음
reason-permission-unclear = { $permission } 권한이 실제 요청의 조건에 달려 있음: { $keys }
reason-permission-unclear-short = 정책이 허용하는지 분명하지 않음
reason-permission-unseen = { $why ->
    [access_denied] { $action } 거부됨: 본인의 정책이 허용하는지 알 수 없음
    [undecided] 시뮬레이션할 수 없는 호출자
   *[other] { $action } 응답 없음: 본인의 정책이 허용하는지 알 수 없음
}
reason-permission-unseen-short = 본인의 정책이 허용하는지 알 수 없음
pass-permission-given = 정책이 허용함(IAM 시뮬레이션): { $permission }
pass-permission-given-unless = 정책이 허용하는 것으로 보임: { $permission } (시뮬레이션하지 않은 조건: { $keys })
pass-permission-of-root = 계정 자신의 권한: { $permission } (조직이 거부하지 않으면)

# 그 밖의 것
reason-eic-local-zone = AWS가 EC2 Instance Connect를 지원하지 않는 로컬 영역: { $zone }
reason-eic-local-zone-short = 로컬 영역은 EC2 Instance Connect를 지원하지 않음
reason-ssh-key-pair-gone = EC2에 더 이상 없는 키 페어: { $pair } (보관한 프라이빗 키는 계속 쓸 수 있음)
reason-ssh-key-pair-gone-short = EC2에 키 페어가 더 이상 없음
reason-ssm-ssh-unrecorded = 계정이 세션 출력을 기록하지만 세션을 통한 ssh는 기록되지 않음
reason-ssm-ssh-unrecorded-short = ssh로 오간 내용은 기록되지 않음

# Worth knowing of one instance
reason-address-temporary = 다음 중지 때 사라지고 다음 시작 때 바뀌는 퍼블릭 IP: { $ip }
reason-address-temporary-short = 퍼블릭 IP가 임시 주소임
fix-address-temporary = aws ec2 allocate-address --domain vpc { $place }
fix-address-temporary-note = 이어서 인스턴스에 연결하세요. 현재 주소는 사라지고, 퍼블릭 IPv4 주소마다 요금이 부과됩니다
pass-address-elastic = 그대로 유지되는 탄력적 IP: { $ip }
reason-address-carrier = 통신 사업자 또는 고객 네트워크의 주소라서 그 네트워크에서만 접속할 수 있음: { $ip }
reason-address-carrier-short = 통신 사업자 또는 고객 네트워크의 주소임
reason-net-group-stale = 활성 상태가 아닌 피어링 너머의 그룹({ $gone })을 가리키는 규칙이 있음: { $groups } (아무도 허용하지 않음)
reason-net-group-stale-short = 사라진 피어링 너머의 그룹을 가리키는 규칙이 있음
fix-net-group-stale = aws ec2 describe-stale-security-groups --vpc-id { $vpc } { $place }
fix-net-group-stale-note = 지워도 되는 규칙이 나옵니다
reason-ssm-no-agent-for-system = 이 시스템용 SSM Agent가 없음: { $image }
reason-ssm-no-agent-for-system-short = 이 시스템용 SSM Agent가 없음
reason-ssm-role-retired = AWS가 폐기한 정책 AmazonEC2RoleforSSM이 연결된 역할: { $role } (에이전트에 필요한 것보다 권한이 훨씬 넓음)
reason-ssm-role-retired-short = 역할에 AWS가 폐기한 정책이 연결되어 있음
fix-ssm-role-retired = aws iam attach-role-policy --role-name { $role-word } --policy-arn arn:{ $partition }:iam::aws:policy/AmazonSSMManagedInstanceCore
fix-ssm-role-retired-note = 이어서 AmazonEC2RoleforSSM을 분리하세요
reason-ssm-run-command-old = Run Command의 명령을 ec2messages로 받는 에이전트: { $version } (세션에는 필요 없음)
reason-ssm-run-command-old-short = Run Command가 아직 ec2messages를 사용함
reason-ssm-run-command-cut-off = Run Command의 명령을 ec2messages로 받는데 서브넷에서 그곳으로 가는 경로가 없음: 에이전트 { $version } (세션에는 필요 없음)
reason-ssm-run-command-cut-off-short = ec2messages로 가는 경로가 없어 Run Command 불가
fix-ssm-run-command-cut-off-note = 에이전트를 3.3.40.0 이상으로 업데이트하거나 ec2messages용 VPC 엔드포인트를 만드세요
reason-ssm-logging-cut-off = 세션 출력의 보관이나 암호화에 필요한 서비스로 가는 경로가 서브넷에 없음: { $services }
reason-ssm-logging-cut-off-short = 세션 보관에 필요한 서비스로 가는 경로 없음: { $services }
fix-ssm-logging-cut-off = aws ec2 create-vpc-endpoint --vpc-endpoint-type Interface --private-dns-enabled --vpc-id { $vpc-word } --service-name com.amazonaws.{ $region }.{ $service } --subnet-ids { $subnet-word } { $place }
fix-ssm-logging-cut-off-note = s3에는 무료인 게이트웨이 엔드포인트로 충분합니다
reason-just-in-time = 이유를 적어 요청하면 한동안 세션이 허용될 수 있음 (just-in-time node access)
reason-just-in-time-short = 요청하면 세션이 허용될 수 있음
fix-just-in-time = ec2dash connect { $id } --method ssm --reason TEXT { $place }
fix-just-in-time-note = TEXT에 이유를 적으세요
reason-tunnel-too-long = 정책이 터널을 허용하지만 이만큼 오래 열리는 터널은 허용하지 않음
reason-tunnel-too-long-short = 정책이 더 짧은 터널만 허용함
fix-tunnel-too-long-note = 정책의 조건 ec2-instance-connect:maxTunnelDuration에 맞게 tunnel_limit을 설정하세요
reason-ssm-ssh-user = ssm-user는 Session Manager 셸의 사용자라서 sshd에 키가 없음. AMI의 사용자: { $user }
reason-ssm-ssh-user-short = sshd에 ssm-user의 키가 없음
reason-eic-own-command = sshd가 EC2 Instance Connect에서 키를 받는지는 밖에서 보이지 않음
reason-eic-own-command-short = sshd가 전송된 키를 받는지는 보이지 않음
fix-eic-own-command-note = 전송한 키가 거부되면 sshd_config의 AuthorizedKeysCommand를 확인하세요
reason-eic-package-old = 오래된 AMI({ $image })라서 ec2-instance-connect가 ed25519 키를 받지 못할 수 있음
reason-eic-package-old-short = ec2-instance-connect가 ed25519 키를 받지 못할 수 있음
fix-eic-package-old-note = 전송한 키가 거부되면 ec2-instance-connect 패키지를 업데이트하세요
reason-eice-bulk = AWS가 엔드포인트를 통한 대용량 복사를 제한함. 대용량에는 S3 또는 Session Manager 사용
reason-eice-bulk-short = 엔드포인트를 통한 대용량 복사는 느림
reason-jump-not-needed = 점프 호스트 없이 접속 가능: { $method }
reason-login-guessed = 로그인 사용자를 알려 주는 정보가 없음. 시도할 사용자: { $user }
reason-proxy-on-the-way = 이 컴퓨터의 프록시를 거침: { $proxy }
reason-serial-boot-repair = { $system ->
    [windows] 시작되지 않는 인스턴스를 복구하려면 SAC를 미리 설정해야 함
   *[other] 시작되지 않는 인스턴스를 복구하려면 GRUB를 미리 설정해야 함
}
reason-serial-boot-repair-short = 부팅 복구는 미리 설정해야 함
reason-serial-one-session = 세션은 한 번에 하나, 최대 1시간. 끝난 뒤 30초 후에 다음 세션 가능
reason-serial-one-session-short = 세션은 한 번에 하나, 최대 1시간
reason-ssh-key-lost = 키를 잃어버렸다면 다음 방법으로 새 키를 추가할 수 있음: { $methods }
reason-ssh-key-lost-short = 새 키를 추가할 수 있는 방법: { $methods }
reason-ssm-domain-controller = 도메인 컨트롤러에서는 에이전트가 ssm-user를 만들지 않으므로 직접 만들어야 함
reason-ssm-domain-controller-short = 도메인 컨트롤러에서는 ssm-user를 직접 만들어야 함

# What a forwarding takes
reason-forward-agent-too-old = 다른 호스트로 전달하지 못하는 에이전트: { $version } ({ $least } 이상 필요)
reason-forward-agent-too-old-short = 에이전트가 오래되어 다른 호스트로 전달하지 못함
fix-forward-agent-too-old = aws ssm send-command --document-name AWS-UpdateSSMAgent --instance-ids { $id } { $place }
reason-forward-agent-old = 다른 호스트로 전달하지 못할 수 있는 에이전트: { $version } (AWS 문서 기준 { $least } 이상)
reason-forward-agent-old-short = 에이전트가 다른 호스트로 전달하지 못할 수 있음
fix-forward-agent-old = aws ssm send-command --document-name AWS-UpdateSSMAgent --instance-ids { $id } { $place }
reason-forward-forbidden = { $own ->
    [yes] 인스턴스 자신의 주소라서 에이전트가 전달하지 않음: { $to }
   *[no] 에이전트가 전달하지 않는 주소: { $to } (메타데이터, 링크 로컬, 그 밖의 루프백 주소)
}
reason-forward-forbidden-short = 에이전트가 전달하지 않는 주소: { $to }
fix-forward-forbidden-note = 인스턴스 자신의 포트는 호스트 없이 쓰세요: { $port }
reason-forward-group-closed = 포트 { $port } 인바운드를 허용하지 않는 그룹: { $groups } ({ $target })
reason-forward-group-closed-short = 대상의 보안 그룹이 허용하지 않음: { $to }
fix-forward-group-closed = aws ec2 authorize-security-group-ingress --group-id { $group } --protocol tcp --port { $port } --source-group { $own-group } { $place }
reason-forward-group-unclear = 포트 { $port } 허용 여부가 접두사 목록이나 읽지 못한 그룹에 달려 있음: { $groups } ({ $target })
reason-forward-group-unclear-short = 대상의 보안 그룹이 허용하는지 알 수 없음: { $to }
reason-forward-port-taken = 이 컴퓨터에서 다른 프로그램이 사용 중인 포트: { $port }
pass-forward-group-open = 대상의 보안 그룹이 허용함: { $target }

# From one VPC to another
reason-net-peerings-unseen = { $why ->
    [access_denied] 권한이 없어 피어링을 확인하지 못함: { $action } ({ $vpc }, { $other })
   *[other] 응답이 없어 피어링을 확인하지 못함: { $action } ({ $vpc }, { $other })
}
reason-net-peerings-unseen-short = 피어링이 있는지 알 수 없음
reason-net-no-peering = { $why ->
    [state] 활성 상태가 아닌 피어링: { $peering } ({ $vpc }, { $other }, { $state })
    [route] 서브넷에 피어링을 지나는 경로가 없음: { $peering } ({ $vpc }, { $other })
   *[none] 두 VPC를 잇는 피어링도 다른 경로도 없음: { $vpc }, { $other }
}
reason-net-no-peering-short = 한 VPC에서 다른 VPC로 가는 경로가 없음
reason-net-beyond-gateway = 두 VPC 사이의 경로가 지나는 곳의 너머는 보이지 않음: { $target } ({ $vpc }, { $other })
reason-net-beyond-gateway-short = 너머가 보이지 않음: { $target }
pass-net-peering = 이쪽에서 보이는 한 피어링으로 이어짐: { $peering } ({ $vpc }, { $other })
reason-eice-of-another-vpc = 다른 VPC({ $vpc })의 엔드포인트: { $endpoint }
reason-eice-of-another-vpc-short = 다른 VPC의 엔드포인트임

# The browser client of EC2 Instance Connect
reason-eic-console-alone = AWS 콘솔의 브라우저 클라이언트만 허용하는 그룹: { $groups } (이 컴퓨터의 주소에는 해당 없음)
reason-eic-console-alone-short = 브라우저 클라이언트만 허용됨
reason-eic-console-kept-out = AWS 콘솔의 브라우저 클라이언트를 허용하지 않는 그룹: { $groups }
reason-eic-console-kept-out-short = 콘솔의 브라우저 클라이언트를 허용하지 않음
fix-eic-console-kept-out = aws ec2 authorize-security-group-ingress --group-id { $group } --ip-permissions { $permission } { $place }
pass-eic-console-let-in = AWS 콘솔의 브라우저 클라이언트도 허용하는 그룹: { $groups }

# Windows desktops, and host keys
reason-rdp-fleet-manager = 브라우저에서도 볼 수 있음: { $link }
reason-rdp-fleet-manager-short = Fleet Manager가 브라우저에서 보여 줌
reason-rdp-no-password = EC2에 첫 암호가 없음: 시작한 지 15분이 안 되었거나 암호를 만들지 않는 AMI
reason-rdp-no-password-short = EC2에 첫 암호가 없음
fix-rdp-no-password-note = 기다리거나, 설정해 둔 암호로 로그인하세요
reason-rdp-password-unseen = { $why ->
    [access_denied] 권한이 없어 EC2에 첫 암호가 있는지 알 수 없음: { $action }
   *[other] 응답이 없어 EC2에 첫 암호가 있는지 알 수 없음: { $action }
}
reason-rdp-password-unseen-short = 첫 암호가 있는지 알 수 없음
reason-rdp-no-key = 첫 암호를 여는 RSA 키가 이 컴퓨터에 없음. 키 페어: { $pair }
reason-rdp-no-key-short = 첫 암호를 여는 키가 이 컴퓨터에 없음
pass-rdp-key-here = 첫 암호를 여는 RSA 키가 있음. 키 페어: { $pair }
reason-host-key-unknown = 보관된 호스트 키가 없음. 첫 로그인 때 콘솔 출력과 비교함
reason-host-key-unknown-short = 보관된 호스트 키가 없음
pass-host-key-kept = 호스트 키가 보관되어 있음

# 요청에 따라 하는 접속 방법 시험: 하는 일과 결과
probe-permissions = IAM에 본인의 정책이 허용하는 것을 물음(iam:SimulatePrincipalPolicy), 실제로 실행하는 것은 없음
probe-banner = 연결해 sshd의 첫 응답을 읽음: { $address } 포트 { $port }
probe-tunnel = 터널을 열어 sshd의 첫 응답을 읽고 닫음: { $endpoint } 경유 { $address } 포트 { $port }
probe-session = { $id } 세션을 시작하고(ssm:StartSession) 바로 끝냄
probe-refused = 연결이 거부됨({ $address } 포트 { $port }): sshd가 없거나 인스턴스의 방화벽이 거부함
probe-no-answer = 응답 없음({ $address } 포트 { $port }): 도중에 차단되었거나 인스턴스가 멈춤
probe-unreachable = 여기서 닿지 않는 주소 { $address }: { $cause }
probe-silent = 연결되었으나 응답 없음: { $address } 포트 { $port }
probe-closed = 연결되었으나 바로 끊김: { $address } 포트 { $port }
probe-tunnel-silent = 터널은 열렸으나 응답 없음: { $address } 포트 { $port }
probe-session-silent = { $seconds }초 안에 세션이 시작되지 않음
reason-probe-banner-other = sshd가 아닌 것이 응답함: { $banner }
reason-probe-banner-other-short = sshd가 아닌 것이 응답함
reason-probe-banner-failed = 시험 결과: { $what }
reason-probe-banner-failed-short = 시험에서 sshd를 찾지 못함
reason-probe-tunnel-denied = 시험 결과: { $what }
reason-probe-tunnel-denied-short = 엔드포인트가 시험을 거부함
reason-probe-tunnel-failed = 시험 결과: { $what }
reason-probe-tunnel-failed-short = 시험에서 엔드포인트 경유 응답 없음
reason-probe-session-denied = 시험 결과: { $what }
reason-probe-session-denied-short = 시험에서 세션이 거부됨
reason-probe-session-not-connected = 시험 결과: { $what }
reason-probe-session-not-connected-short = 시험에서 세션이 시작되지 않음
reason-probe-session-failed = 시험 결과: { $what }
reason-probe-session-failed-short = 시험에서 세션이 시작되지 않음
pass-probe-banner = 시험 결과: sshd 응답({ $banner })
pass-probe-tunnel-open = 시험 결과: 엔드포인트 경유 sshd 응답
pass-probe-session-open = 시험 결과: 세션이 시작되어 바로 끝냄
