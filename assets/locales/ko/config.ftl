## config

config-located = { $line }행 { $column }열: { $text }

# What is wrong with a line. `noun`, `key` and the words are those of the file and are not translated.
config-unknown-key = 알 수 없는 키: { $key }
config-unknown-key-near = 알 수 없는 키: { $key }. 비슷한 이름: "{ $nearest }"
config-wrong-word = { $noun }: 알 수 없는 값 { $value }. 가능한 값: { $valid }
config-wrong-word-near = { $noun }: 알 수 없는 값 { $value }. 비슷한 값: "{ $nearest }"
config-wrong-type = { $key }: 필요한 값은 { $wanted ->
    [text] 따옴표로 묶은 문자열
    [number] 정수
    [boolean] true 또는 false
    [list] 문자열 목록
    [tables] 테이블 목록
   *[table] 테이블
  }, 파일에 있는 값은 { $found ->
    [string] 문자열
    [integer] 정수
    [float] 소수
    [boolean] true 또는 false
    [datetime] 날짜
    [array] 목록
   *[table] 테이블
  }
config-out-of-range = { $key }: 정수여야 합니다(범위: { $least }~{ $most })
config-syntax = { $message }
config-not-a-region = 리전 이름이 아닙니다: { $value }
config-not-a-login = 로그인 이름이 아닙니다: { $value }
config-not-a-page = 페이지 주소가 아닙니다(예: https://checkip.amazonaws.com): { $value }
config-not-an-account = 12자리 계정 ID가 아닙니다: { $value }
config-not-an-instance = 인스턴스 ID가 아닙니다: { $value }
config-not-a-span = 기간이 아닙니다: { $value }. s, m, h 단위의 숫자로 최대 24h까지 쓰세요(예: "10m")
config-not-a-shell = 셸이 아닙니다: { $value }. "auto"나 "bash -l" 같은 한 줄 명령을 쓰세요
config-not-a-tunnel-limit = 터널 유지 시간이 아닙니다: { $value }. s, m, h 단위의 숫자로 1s부터 1h까지 쓰세요(예: "10m")
config-not-a-path = 경로가 아닙니다: { $value }. /나 ~/로 시작하고 제어 문자가 없어야 합니다
config-no-home = { $value }: 이 사용자에게는 홈 디렉터리가 없어 ~의 뜻이 없습니다
config-empty-list = 빈 목록입니다: { $key }. 하나 이상 적거나 이 줄을 지우세요
config-not-a-filter-name = 필터 이름으로 쓸 수 없습니다: { $value }. 글자, 숫자, "-", "_", "."만 쓸 수 있습니다
config-not-a-tag = Key=Value 형식이 아닙니다: { $value }
config-not-a-socket-address = IP 주소와 포트(예: 127.0.0.1:2222)가 아닙니다: { $value }
config-not-an-ip = IP 주소가 아닙니다: { $value }
config-not-a-target = 인스턴스를 가리키지 않습니다: { $value }. ID, 이름, ip:ADDRESS, tag:KEY=VALUE 중 하나로 쓰세요
config-not-a-forward = [LOCAL:]PORT, [LOCAL:]HOST:PORT, [LOCAL:]/SOCKET 형식이 아닙니다: { $value }. 예: "15432:5432", "5432:db.internal:5432", "2375:/var/run/docker.sock"
config-not-a-place-name = 위치 묶음 이름으로 쓸 수 없습니다: { $value }. 글자, 숫자, - _ .만으로 40자까지 쓰세요
config-places-empty = 위치 묶음에 profiles = ["이름"]이나 regions = ["리전"]이 필요합니다: { $name }
config-not-a-profile = 프로필 이름이 아닙니다: { $value }
no-places = 설정 파일에 없는 위치 묶음: { $value }. 있는 것: { $known }
no-places-near = 설정 파일에 없는 위치 묶음: { $value }. 비슷한 이름: "{ $nearest }"
no-places-at-all = 설정 파일에 없는 위치 묶음: { $value }. 설정 파일에 [places.이름]이 없습니다
config-not-a-tunnel-name = 터널 이름으로 쓸 수 없습니다: { $value }. 글자, 숫자, - _ .만으로 40자까지 쓰세요
config-tunnel-without-target = 터널에 target이 필요합니다: { $name }
config-tunnel-without-forward = 터널에 forward = "[LOCAL:][HOST:]PORT"나 socks = PORT가 필요합니다: { $name }
config-tunnel-both = 터널에는 forward와 socks 중 하나만 쓸 수 있습니다: { $name }
config-tunnel-socket = socket은 forward와 함께 쓰며, bind를 대신합니다
config-rule-user-auto = 규칙의 user에는 사용자 이름을 적으세요. 없으면 이미지의 사용자가 쓰입니다

# What is wrong with the file as a whole.
config-not-found = 파일이 없습니다
config-unreadable = 파일을 읽을 수 없습니다: { $cause }
config-not-a-file = 파일이 아닙니다
config-too-large = 파일이 1 MiB보다 큽니다
config-not-utf8 = { $line }행이 UTF-8이 아닙니다
config-foreign-owner = 다른 사용자의 파일이라, 여기서 실행되는 것을 그 사용자가 바꿀 수 있습니다. 소유자를 바꾸려면: sudo chown { $user } { $path }
config-writable = 여기서 실행되는 것을 정하는 파일인데 다른 사용자가 쓸 수 있습니다. 고치려면: chmod go-w { $path }

# The state file.
state-corrupt = 기억해 둔 내용을 읽을 수 없어 새로 시작합니다. 이전 파일: { $path }
state-put-aside = 기억해 둔 내용을 읽을 수 없어({ $cause }) 새로 시작합니다. 이전 파일: { $path }
state-unreadable = 기억해 둔 내용을 읽을 수 없습니다: { $path } ({ $cause })
state-unwritable = 아무것도 기억되지 않습니다. 쓸 수 없는 파일: { $path } ({ $cause })
state-no-home = 홈 디렉터리가 없어 아무것도 기억되지 않습니다

# Variables of the environment.
variable-half-a-key = AWS_ACCESS_KEY_ID만 있고 AWS_SECRET_ACCESS_KEY가 없습니다. 둘 다 설정하거나 둘 다 지우세요
variable-not-a-region = { $name }: 리전 이름이 아닙니다("{ $value }")

# [[command]]
config-command-lacks = [[command]]에 필요한 설정이 없습니다: { $key }
config-command-name = 명령 이름으로 쓸 수 없습니다. 보이는 글자로 40자까지: { $name }
config-command-twice = 같은 이름의 명령이 또 있습니다: { $name }
config-command-program = 프로그램이 아닙니다. 값이 아니라 여기에 직접 적어야 합니다: { $value }
config-command-braces = 짝이 없는 중괄호입니다. 값은 {"{"}id{"}"}, 중괄호 자체는 {"{{"} 또는 {"}}"}: { $value }
