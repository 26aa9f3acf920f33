## connect
