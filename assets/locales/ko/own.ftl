## own: commands of the user's own

own-key-unknown = 직접 만든 명령에 키가 없습니다: "{ $name }". 그런 이름의 키가 없습니다: { $key }
own-key-taken = 직접 만든 명령에 키가 없습니다: "{ $name }". 이미 쓰이는 키입니다: { $key } ({ $by })
own-missing = 실행하지 않았습니다: { $name }. 값을 알 수 없습니다: { $value }, { $instance }
own-like-an-option = 실행하지 않았습니다: { $name }. 값이 "-"로 시작해서 옵션이 됩니다: { $value }, { $instance }
own-hidden = 실행하지 않았습니다: { $name }. 값에 보이지 않는 글자가 있습니다: { $value }, { $instance }
own-too-many = 실행하지 않았습니다: { $name }. 한 번에 인스턴스 { $most }대까지 실행합니다.
own-ended = 끝났습니다: { $name }, { $instance }
own-ended-saying = 끝났습니다: { $name }, { $instance }: { $line }
own-failed = 종료 코드 { $code }: { $name }, { $instance }: { $line }
own-not-run = 실행하지 못했습니다: { $name }, { $instance }: { $why }
help-own = 직접 만든 명령
palette-own = 직접 만든 명령
