# 파일이 복사되지 않은 이유. 시스템의 말은 그대로 둠
files-lost = 연결이 끊겼습니다
files-not-sftp = 응답하는 쪽이 SFTP를 쓰지 않습니다
files-unsupported = 서버가 할 수 없는 일입니다
files-changed = 읽는 동안 바뀌어 아무것도 대체하지 않았습니다
files-is-folder = 폴더입니다
files-not-recursive = 폴더입니다 (-r은 폴더를 복사)
files-folder-in-place = 그 자리에 폴더가 있어 그대로 둡니다 (--delete는 지움)
files-file-in-place = 그 자리에 폴더가 아닌 것이 있어 그대로 둡니다 (--delete는 지움)
files-not-folder = 폴더가 아닙니다
files-not-regular = 일반 파일이 아닙니다
files-bad-name = 파일이 가질 수 없는 이름을 알려 와서 제외했습니다
files-not-on-windows = Windows에서 쓸 수 없는 파일 이름
files-same-name = 같은 폴더에 대소문자만 다른 파일이 있어 Windows에서 구분되지 않음
files-too-deep = 폴더 안의 폴더가 너무 많습니다
files-into-itself = 폴더를 그 안으로 복사할 수 없습니다
files-garbled = 받은 것이 보낸 것과 달라 아무것도 대체하지 않았습니다

# cp
copy-special = { $path }: 일반 파일이 아니어서 제외했습니다
copy-sparse = { $path }: 구멍이 있는 파일입니다. { $size } 중 기록된 것은 { $taken }. 사본에도 가능하면 구멍을 둡니다
copy-leads-out = { $path }: 복사 범위 밖으로 나가는 링크입니다(대상: { $to }). 링크로 두었고 따라가지 않았습니다
copy-resumed = { $path }: 이어서 복사합니다. 시작 위치: { $size }
copy-endpoint-slow = EC2 Instance Connect 엔드포인트는 큰 전송을 느리게 합니다. 다른 방법이 있으면 더 빠릅니다
copy-progress = { $percent } % · { $all } 중 { $done } · { $rate }/초 · 파일 { $of }개 중 { $files }개
copy-left = { $time } 남음
copy-kept = 지금까지 받은 것을 남겨 두었습니다: { $part }. 같은 명령에 --resume을 붙이면 이어집니다
copy-windows-modes = Windows에는 파일 모드가 없습니다. 시각만 유지하고 모드는 유지하지 않습니다.
copy-kept-by-sync = 지금까지 받은 것을 남겨 두었습니다: { $part }. 같은 명령이 이어서 복사합니다
error-copy-nowhere = 어느 쪽에도 인스턴스가 없습니다.
error-copy-nowhere-next = TARGET:PATH로 지정하세요: ec2dash cp app.tar web-1:/tmp/
error-copy-read-only = 인스턴스로 복사하는 기능이 꺼져 있습니다(read_only).
error-copy-read-only-next = 인스턴스에서 이 컴퓨터로는 복사할 수 있습니다.
error-copy-lost = 모두 복사하기 전에 연결이 끊겼습니다.
error-copy-lost-next = 같은 명령에 --resume을 붙여 이어 가세요.
error-copy-no-sftp = 로그인은 되지만 파일을 제공하지 않습니다: { $target }
error-copy-no-sftp-next = sshd_config에 "Subsystem sftp" 줄이 있는지, 셸의 시작 파일이 무언가를 출력하지 않는지 확인하세요.
error-copy-no-connection = 연결이 없습니다: { $target }
copy-by-session = Session Manager의 명령 세션으로, 그 세션의 사용자로 복사합니다. 원본마다 tar 스트림 하나를 보냅니다
copy-by-script = Session Manager의 명령 세션으로, 그 세션의 사용자로 복사합니다
error-copy-session-windows = Windows에서는 tar 스트림을 쓸 수 없습니다: { $target }
error-copy-session-windows-next = OpenSSH가 설치되어 있으면 ssh를 쓰는 방법을 지정하세요: --method ssm-ssh
error-copy-session-tools = 명령 세션으로 복사하는 데 필요한 프로그램이 없습니다({ $target }): { $missing }
error-copy-session-tools-next = 그곳에 설치하거나, ssh를 쓰는 방법을 지정하세요: --method ssm-ssh
error-copy-session-lost = 모두 복사하기 전에 세션이 끝나 아무것도 대체하지 않았습니다.
error-copy-session-lost-next = 같은 명령을 다시 실행하세요.
error-copy-session-garbled = 받은 것이 요청한 것과 달라 아무것도 대체하지 않았습니다: { $target }
error-copy-session-garbled-next = 그곳의 셸이 시작할 때 출력하는 것이 있는지, tar와 base64가 어떤 것인지 확인하세요.

# sync
sync-removes = { $path }: 원본에 없는 { $count }개를 제거합니다
sync-not-removed = { $path }: 원본을 모두 읽지 못해, 원본에 없는 듯한 { $count }개를 그대로 둡니다

# files: 두 창
files-name = 파일
files-connecting = 파일을 보기 위해 연결 중: { $target }
error-files-no-terminal = 두 창에는 터미널이 필요합니다.
error-files-no-terminal-next = 터미널 없이 복사하려면: ec2dash cp -r TARGET:PATH DIRECTORY
error-files-by-session = 명령 세션으로만 확실히 접속됩니다({ $target }). 두 창에는 ssh를 쓰는 방법이 필요합니다.
error-files-by-session-next = ec2dash cp로 복사하거나, ssh를 쓰는 방법을 지정하세요: --method ssm-ssh
panes-here = 이 컴퓨터
panes-loading = 읽는 중
panes-empty = 비어 있음
panes-marked = { $count }개 선택
panes-hint-other = 다른 창
panes-hint-open = 열기
panes-hint-up = 위로
panes-hint-mark = 선택
panes-hint-copy = 복사
panes-hint-again = 다시
panes-hint-stop = 중지
panes-hint-leave = 나가기
panes-copied = 파일 { $files }개 복사함, { $size }
panes-ask-replace = { $count }개 중 { $replaced }개가 이미 있습니다. 바꿀까요? y/N
panes-ask-quit = 파일을 복사하는 중입니다. 멈추고 나갈까요? y/N
panes-busy = 한 번에 하나만 복사합니다. Esc로 멈춥니다
panes-stopped = 멈췄습니다. 끝난 파일은 그대로 있습니다
panes-stopped-kept = 멈췄습니다. 마지막 파일의 일부를 남겨 두었습니다: { $part }
