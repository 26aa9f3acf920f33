## power

# Starting, stopping and rebooting. What it costs: one sentence each, before a yes.
power-cost-public-ip-changes = Its public address { $value } goes back to AWS; the next start brings another.
power-cost-public-ip-may-change = Whether its public address { $value } stays is not known: if it is no Elastic IP, the next start brings another.
power-cost-root-is-instance-store = It starts from instance store, and such an instance cannot be stopped.
power-cost-instance-store-lost = Data on the disks of its host (instance store of { $value }) is lost, if it uses them.
power-cost-instance-store-unknown = Whether its host has disks of its own (instance store) is not known; data on them would be lost.
power-cost-auto-scaling = The Auto Scaling group { $value } will replace it.
power-cost-spot = It is a Spot instance, and may not come back.
power-cost-managed = { $value } runs it, and may undo this.
power-cost-hibernation = Hibernation is configured; this stops it without, so what is in memory is lost.
power-cost-hibernation-unknown = Whether hibernation is configured is not known; this stops it without.
power-cost-billed = It is paid for while it runs.
power-cost-programs-end = What runs on it ends, sessions and tunnels too.
power-undo = undo:
power-may = allowed (dry run)

power-why-already = already { $state }
power-why-unfit = it is { $state }, and EC2 refuses that
power-waits-for-stop = it is stopping: waits until it is stopped, then starts it
power-why-unasked = nothing was asked: it was not waited for until it could be
power-why-vanished = it is no longer there
power-why-elsewhere = it is { $state } now
power-why-elsewhere-because = it is { $state } now: { $reason }
power-why-late = still on its way after { $seconds } s; it goes on
power-why-left = not waited for; it goes on

power-outcome-done = done
power-outcome-begun = begun
power-outcome-already = nothing to do
power-outcome-unfit = not asked for
power-outcome-unasked = not asked for
power-outcome-refused = refused
power-outcome-unclear = not known
power-outcome-vanished = gone
power-outcome-elsewhere = failed
power-outcome-late = not done yet
power-outcome-left = not waited for

power-title-name = NAME
power-title-id = ID
power-title-state = STATE
power-title-result = RESULT
power-leaving = not waiting any longer; what EC2 has taken goes on. Once more leaves at once
ask-power = { $command ->
    [start] Start
    [stop] Stop
   *[reboot] Reboot
  } { $count ->
    [1] { $names }
   *[other] { $count } instances
  }? y/N

error-power-read-only = Starting, stopping and rebooting are switched off (read_only).
error-power-read-only-next = See what would be done: ec2dash { $command } TARGET --dry-run
error-power-no-end = A reboot shows in no state of EC2, so there is no end to wait for.
error-power-no-end-next = Leave --wait out.
error-power-no-yes = Nothing was asked of AWS: nobody can say yes here.
error-power-no-yes-next = See what would be done: ec2dash { $command } TARGET --dry-run
    Do it without a question: --yes
error-power-nowhere = No instance is named.
error-power-nowhere-next = Name them, or choose them: --filter 'env=dev state:running'
error-power-not-confirmed = Nothing was changed: nobody said yes.

# Started to be connected to.
start-state = { $name } is { $state } ({ $seconds } s)
start-no-way-yet = it runs; no way in is open yet ({ $seconds } s)
start-way-open = { $name } can be entered now
start-not-yet = it runs; { $method } does not take us yet ({ $seconds } s)
start-waits = { $said }. Ctrl-C stops waiting, not the instance
start-not-answering = it runs, and { $method } did not take us for { $seconds } s

# In the dashboard.
power-asking = Asking AWS what a stop costs …
power-then-connect = Then connects, as soon as a way in takes us.
power-title-start = { $count ->
    [1] Start
   *[other] Start { $count } instances
  }?
power-title-stop = { $count ->
    [1] Stop
   *[other] Stop { $count } instances
  }?
power-title-reboot = { $count ->
    [1] Reboot
   *[other] Reboot { $count } instances
  }?
power-nothing-start = Nothing to start: it is { $state }.
power-nothing-stop = Nothing to stop: it is { $state }.
power-nothing-reboot = Nothing to reboot: it is { $state }.
power-ended-start = { $count ->
    [1] 1 instance runs.
   *[other] { $count } instances run.
  }
power-ended-stop = { $count ->
    [1] 1 instance is stopped.
   *[other] { $count } instances are stopped.
  }
power-ended-reboot = { $count ->
    [1] 1 instance reboots.
   *[other] { $count } instances reboot.
  }
power-failed-start = { $name } was not started: { $why }
power-failed-stop = { $name } was not stopped: { $why }
power-failed-reboot = { $name } was not rebooted: { $why }
power-starting-title = Starting { $name }
power-starting-then = Then it connects. Closing this stops the waiting, not the instance.
hint-stop-waiting = stop waiting
