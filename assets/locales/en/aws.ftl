## aws
