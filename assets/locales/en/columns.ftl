## columns: heads, words in cells, ages

# Ages
age-seconds = { $count ->
    [one] 1 second
   *[other] { $count } seconds
}
age-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
age-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
age-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
