## The serial console and the desktop as ways in

way-serial-ready = 직렬 콘솔 세션. 네트워크도 sshd도 필요 없습니다
way-rdp-ready = 터널을 거친 Windows 데스크톱
unchecked-desktop = 원격 데스크톱이 켜져 있는지

reason-serial-no-host = 직렬 콘솔의 호스트를 모르는 리전입니다: { $region }
reason-serial-no-host-short = 이 리전의 직렬 콘솔 호스트를 모릅니다
reason-serial-not-running = 직렬 콘솔은 인스턴스가 실행 중이 되면 열립니다
reason-serial-off = 직렬 콘솔 액세스가 꺼져 있습니다({ $region })
fix-serial-off = aws ec2 enable-serial-console-access { $place }
fix-serial-off-note = 이 리전의 계정 전체에 켜집니다.
reason-serial-off-by-policy = 조직 정책으로 직렬 콘솔 액세스가 꺼져 있습니다({ $region })
reason-serial-off-by-policy-short = 조직 정책으로 꺼져 있습니다
reason-serial-password = 거기서 로그인하려면 암호가 있는 OS 사용자가 필요하며, 키로는 되지 않습니다
reason-serial-password-short = 로그인하려면 암호가 있는 OS 사용자가 필요합니다
reason-serial-type = 직렬 콘솔이 없는 유형입니다: { $type }
reason-serial-type-unseen = 이 유형에 직렬 콘솔이 있는지 알 수 없습니다
reason-serial-unasked = 계정에서 쓸 수 있는지는 열 때 확인합니다
reason-serial-unasked-short = 열 때 확인합니다
reason-serial-unseen = { $why ->
    [access_denied] { $action } 권한이 거부되어 직렬 콘솔이 있는지 알 수 없습니다
   *[other] { $action } 호출이 실패해 직렬 콘솔이 있는지 알 수 없습니다
  }
reason-serial-unseen-short = 있는지 알 수 없습니다
reason-serial-zone = 직렬 콘솔이 없는 영역입니다: { $zone }
reason-rdp-not-windows = Windows가 아닙니다

serial-opens = 직렬 콘솔을 엽니다. 열리면 Enter를 대신 누르고, 줄 처음에서 ~.을 입력하면 나갑니다
plan-serial = ec2-instance-connect:SendSerialConsoleSSHPublicKey { $id }, 그다음 { $host }

session-serial-taken = 직렬 콘솔은 세션이 하나뿐인데 누군가 쓰고 있거나 지난 세션이 아직 닫히는 중입니다
session-serial-taken-next = 30초 뒤에 다시 시도하세요. 닫힌 세션이 사라지는 데 그만큼 걸립니다.
session-serial-unavailable = 콘솔이 준비되지 않았습니다. 인스턴스가 시작하는 중일 수 있습니다
session-serial-unavailable-next = 1분 뒤에 다시 시도하세요.
session-serial-unsupported = 인스턴스의 기반이 너무 오래되었습니다
session-serial-unsupported-next = 한 번 재부팅하세요: ec2dash reboot { $id }{ AGAIN() }
session-serial-no-type = 직렬 콘솔이 없는 유형입니다: { $type }
session-serial-no-type-next = 다른 방법 보기: ec2dash doctor { $id }{ AGAIN() }
session-serial-state = 인스턴스가 실행 중이 아니거나 방금 시작했습니다
session-serial-state-next = 상태를 보고 1분 뒤에 다시 시도하세요: ec2dash doctor { $id }{ AGAIN() }

ended-serial-host-key = 직렬 콘솔의 키가 아닌 키를 보여 주어 아무것도 보내지 않았습니다: { $host }
ended-serial-host-key-why-1 = 보여 준 키: { $now }
ended-serial-host-key-why-2 = AWS가 공개했거나 설정에 있는 키: { $told }
ended-serial-host-key-next-1 = 누군가 중간에 있을 수 있습니다. 다른 네트워크에서 시도하고 EC2 사용 설명서와 비교하세요

config-not-a-host = 호스트 이름이나 주소가 아닙니다: { $value }
config-not-a-fingerprint = SHA256:…(43자) 형식의 지문이 아닙니다: { $value }
config-serial-incomplete = 직렬 콘솔 설정에는 host = "NAME"과 fingerprint = "SHA256:…"이 필요합니다: { $name }
