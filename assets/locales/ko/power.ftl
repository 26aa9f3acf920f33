## power

# Starting, stopping and rebooting. What it costs: one sentence each, before a yes.
power-cost-public-ip-changes = 퍼블릭 주소는 AWS에 반환되고, 다음 시작 때 다른 주소를 받습니다: { $value }
power-cost-public-ip-may-change = 퍼블릭 주소가 유지되는지 알 수 없습니다. 탄력적 IP가 아니면 다음 시작 때 바뀝니다: { $value }
power-cost-root-is-instance-store = 인스턴스 스토어에서 시작하는 인스턴스라서 중지할 수 없습니다.
power-cost-instance-store-lost = 호스트 디스크(인스턴스 스토어, { $value })를 쓰고 있다면 그 데이터가 사라집니다.
power-cost-instance-store-unknown = 호스트 디스크(인스턴스 스토어)가 있는지 알 수 없습니다. 있다면 그 데이터가 사라집니다.
power-cost-auto-scaling = Auto Scaling 그룹이 다른 인스턴스로 교체합니다: { $value }
power-cost-spot = 스팟 인스턴스라서 다시 시작되지 않을 수 있습니다.
power-cost-managed = 관리하는 서비스가 되돌릴 수 있습니다: { $value }
power-cost-hibernation = 최대 절전 모드가 구성되어 있지만 쓰지 않고 중지하므로, 메모리의 내용이 사라집니다.
power-cost-hibernation-unknown = 최대 절전 모드가 구성되어 있는지 알 수 없습니다. 쓰지 않고 중지합니다.
power-cost-billed = 실행되는 동안 요금이 부과됩니다.
power-cost-programs-end = 실행 중인 프로그램과 세션, 터널이 모두 끝납니다.
power-undo = 되돌리기:
power-may = 허용됨(dry run)

power-why-already = 이미 { $state } 상태
power-why-unfit = { $state } 상태라서 EC2가 거부함
power-waits-for-stop = 중지하는 중: 중지될 때까지 기다렸다가 시작합니다
power-why-unasked = 요청하지 않음: 요청할 수 있을 때까지 기다리지 않았습니다
power-why-vanished = 더 이상 존재하지 않음
power-why-elsewhere = 지금은 { $state } 상태
power-why-elsewhere-because = 지금은 { $state } 상태: { $reason }
power-why-late = { $seconds }초가 지나도 진행 중이며, 계속됩니다
power-why-left = 기다리지 않지만 계속됩니다

power-outcome-done = 완료
power-outcome-begun = 시작됨
power-outcome-already = 할 일 없음
power-outcome-unfit = 요청하지 않음
power-outcome-unasked = 요청하지 않음
power-outcome-refused = 거부됨
power-outcome-unclear = 알 수 없음
power-outcome-vanished = 없음
power-outcome-elsewhere = 실패
power-outcome-late = 아직 끝나지 않음
power-outcome-left = 기다리지 않음

power-title-name = 이름
power-title-id = ID
power-title-state = 상태
power-title-result = 결과
power-leaving = 더 기다리지 않습니다. EC2가 받은 요청은 계속됩니다. 한 번 더 누르면 바로 나갑니다
ask-power = { $command ->
    [start] 시작할까요
    [stop] 중지할까요
   *[reboot] 재부팅할까요
  }? { $count ->
    [1] { $names }
   *[other] 인스턴스 { $count }대
  } y/N

error-power-read-only = 시작, 중지, 재부팅이 꺼져 있습니다(read_only).
error-power-read-only-next = 무엇을 할지만 보기: ec2dash { $command } TARGET --dry-run
error-power-no-end = 재부팅은 EC2의 상태에 나타나지 않아서 끝을 기다릴 수 없습니다.
error-power-no-end-next = --wait를 빼세요.
error-power-no-yes = AWS에 아무것도 요청하지 않았습니다. 여기서는 확인을 받을 수 없습니다.
error-power-no-yes-next = 무엇을 할지만 보기: ec2dash { $command } TARGET --dry-run
    묻지 않고 하기: --yes
error-power-nowhere = 지정한 인스턴스가 없습니다.
error-power-nowhere-next = 이름을 쓰거나 고르세요: --filter 'env=dev state:running'
error-power-not-confirmed = 아무것도 바꾸지 않았습니다. 확인이 없었습니다.

# Started to be connected to.
start-state = 상태: { $state } ({ $seconds }초), { $name }
start-no-way-yet = 실행 중이지만 아직 접속할 방법이 없습니다({ $seconds }초)
start-way-open = 이제 접속할 수 있습니다: { $name }
start-not-yet = 실행 중이지만 아직 접속되지 않습니다: { $method } ({ $seconds }초)
start-waits = { $said }. Ctrl-C는 기다림만 멈추고 인스턴스는 멈추지 않습니다
start-not-answering = 실행 중이지만 { $seconds }초 동안 접속되지 않았습니다: { $method }

# In the dashboard.
power-asking = 중지하면 무엇을 잃는지 AWS에 묻는 중 …
power-then-connect = 접속할 수 있게 되면 바로 연결합니다.
power-title-start = { $count ->
    [1] 시작할까요?
   *[other] 인스턴스 { $count }대를 시작할까요?
  }
power-title-stop = { $count ->
    [1] 중지할까요?
   *[other] 인스턴스 { $count }대를 중지할까요?
  }
power-title-reboot = { $count ->
    [1] 재부팅할까요?
   *[other] 인스턴스 { $count }대를 재부팅할까요?
  }
power-nothing-start = 시작할 것이 없습니다. 상태: { $state }
power-nothing-stop = 중지할 것이 없습니다. 상태: { $state }
power-nothing-reboot = 재부팅할 것이 없습니다. 상태: { $state }
power-ended-start = 인스턴스 { $count }대가 실행 중입니다.
power-ended-stop = 인스턴스 { $count }대가 중지되었습니다.
power-ended-reboot = 인스턴스 { $count }대가 재부팅됩니다.
power-failed-start = 시작하지 못했습니다: { $name }. { $why }
power-failed-stop = 중지하지 못했습니다: { $name }. { $why }
power-failed-reboot = 재부팅하지 못했습니다: { $name }. { $why }
power-starting-title = 시작하는 중: { $name }
power-starting-then = 실행되면 연결합니다. 닫으면 기다림만 멈추고 인스턴스는 멈추지 않습니다.
hint-stop-waiting = 그만 기다리기
