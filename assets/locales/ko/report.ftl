# doctor --all

report-title = 인스턴스 { $count }개에 접속하는 방법
report-from = { $address } 주소에서 본 결과
report-name = 이름
report-id = ID
report-place = 위치
report-state = 상태
report-instances = 인스턴스 { $count }개
report-who = 목록
report-more = 그 밖에 { $count }개 (모두 보려면 -o md, html, json)
report-gaps = 읽지 못한 것
report-example = 예: { $cause }

report-tally-best = 최선의 방법: { $method }
report-tally-last-resort = 시리얼 콘솔이나 데스크톱만 가능
report-tally-unreachable = 아무도 접속할 수 없음
report-tally-unknown = 알 수 없음
report-tally-down = 실행 중 아님

report-unreachable = 아무도 접속할 수 없음
report-unreachable-about = 실행 중이지만 모든 방법이 막혀 있습니다. 원인 하나만 고쳐도 길이 열립니다.
report-unreachable-none = 실행 중인 모든 인스턴스에 접속 방법이 있거나 있을 수 있습니다.
report-unknown = 알 수 없음
report-unknown-about = 판단에 필요한 것을 읽지 못했습니다.
report-unknown-none = 모든 인스턴스에서 판단에 필요한 것을 읽었습니다.
report-down = 실행 중 아님
report-down-about = 실행되기 전에는 어떤 방법으로도 접속할 수 없습니다.
report-down-none = 모든 인스턴스가 실행 중입니다.
report-exposed = 인터넷 전체에 열려 있음
report-exposed-about = 누구나 로그인을 시도할 수 있습니다. Session Manager와 엔드포인트에는 이런 규칙이 필요 없습니다.
report-exposed-none = 살펴본 로그인 가운데 인터넷 전체에 열린 것이 없습니다.
report-keys = 여럿이 함께 쓰는 키 페어
report-keys-about = 이 키를 가진 사람은 아래 인스턴스에 모두 들어갈 수 있습니다. Session Manager와 일회용 키에는 필요 없습니다.
report-keys-none = 인스턴스 { $least }개 이상이 함께 쓰는 키 페어가 없습니다.
report-key = { $key } · { $place }
report-agents = 너무 오래된 에이전트
report-agents-about = SSM Agent를 업데이트하면 되는 것들입니다.
report-agents-none = 응답하는 SSM Agent 가운데 너무 오래된 것이 없습니다.
report-agent-sessions = SSM Agent { $version }: 세션을 열지 못합니다
report-agent-commands = SSM Agent { $version }: 세션에서 명령을 실행하지 못합니다. ssh 없이 파일을 복사하거나 셸을 고를 수 없습니다
report-logging = 세션 로그
report-logging-about = Session Manager 셸에서 입력하고 출력한 내용이 보관되는지 여부입니다.
report-logging-none = 인스턴스가 없으므로 세션도 없습니다.
report-logged-both = S3와 CloudWatch Logs에 보관
report-logged-s3 = S3에 보관
report-logged-cloudwatch = CloudWatch Logs에 보관
report-logged-nowhere = 보관하지 않음
report-logged-unknown = 알 수 없음: { $why }

error-report-form = 보고서는 사람이 읽는 형식, Markdown, HTML 파일 하나, JSON으로 출력합니다.
error-report-form-next = ec2dash doctor --all -o html > report.html
error-form-of-report = md와 html은 doctor --all의 형식입니다.
error-form-of-report-next = ec2dash doctor --all -o html > report.html
error-doctor-one-target = doctor는 인스턴스 하나를 살펴봅니다. --all을 쓰면 필터에 맞는 모두를 살펴봅니다.
error-doctor-one-target-next = ec2dash doctor --all [FILTER]
