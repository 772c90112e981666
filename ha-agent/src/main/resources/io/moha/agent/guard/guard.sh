#!/usr/bin/env bash
# The guard: parent of one mysqld, which it kills with SIGKILL at an absolute deadline.
#
#   guard.sh DIR
#
# DIR/argv    command of mysqld, one argument per NUL-terminated string; read at each start
# DIR/attach  instead of argv: path of the pid file of a mysqld that somebody else starts
# DIR/in      FIFO for orders, one a line: SEQUENCE ORDER ARGUMENTS
# DIR/status.0, DIR/status.1   what the guard knows, written in turn; the higher n is newer
# DIR/pid     pid, start time and boot id of this guard
#
# Orders: start | extend EPOCH DEADLINE | disarm EPOCH | kill EPOCH REASON | stop PATIENCE | ping
# All times are milliseconds of /proc/uptime, the clock that goes on in suspend.
#
# Rules this file lives by: nothing is forked between the deadline and the kill; nothing blocks
# but the timed read; the deadline is looked at before any order is, so that orders which piled
# up while the guard was paused cannot undo it.
LC_ALL=C
readonly TICK_MS=50 REAPED_MS=10000 ALONE_MS=60000 ATTACH_EVERY_MS=250 ASK_EVERY_MS=500
readonly LOG_LIMIT=1000000 OUTPUT_LIMIT=16000000
# Fixed file descriptors, so that children can close them; 9 is the FIFO of hold_life.
readonly LOG=6 IN=7 LOCK=8
dir=$1
cd "$dir" || exit 1
# Handlers, not "ignore": ignored signals would stay ignored in mysqld.
trap : HUP INT TERM PIPE

state=DEAD pid=0 started=0 foreign=0 incarnation=0 deadline=0 epoch=0 fenced=0 why=
number=0 answered=0 stop_at=0 stopping=0 asked=0 life=0 heard=0 looked=0 partial=
wanted=0 unreaped=0 unreaped_at=0
read -r boot </proc/sys/kernel/random/boot_id

log() {
    local at
    printf -v at '%(%Y-%m-%dT%H:%M:%S%z)T' -1
    printf '%s up=%d %s\n' "$at" "$now" "$*" >&"$LOG"
    logged=$((logged + ${#1} + 50))
    if ((logged > LOG_LIMIT)); then
        mv -f guard.log guard.log.1
        exec 6>>guard.log
        logged=0
    fi
}

clock() {
    local up
    # A guard that cannot tell the time must not let anybody write.
    if ! read -r up _ </proc/uptime; then
        slay "$epoch" 'the clock could not be read'
        return
    fi
    now=$((10#${up/./} * 10))
}

# Sets proc_state and proc_started of process $1; fails when there is none.
look_at() {
    local line fields
    read -r line 2>/dev/null <"/proc/$1/stat" || return 1
    # The name in parentheses may hold anything, even blanks and parentheses.
    read -r -a fields <<<"${line##*) }"
    proc_state=${fields[0]} proc_started=${fields[19]}
}

# Whether the process that was watched last is gone for good.
gone() {
    if ((!foreign)); then
        # bash reaps its children as they end, so a pid that still exists was not reaped yet.
        kill -0 "$pid" 2>/dev/null && return 1
        if kill -0 -- "-$pid" 2>/dev/null; then
            kill -KILL -- "-$pid" 2>/dev/null
            return 1
        fi
        return 0
    fi
    look_at "$pid" || return 0
    [[ $proc_started != "$started" ]] && return 0
    local threads=("/proc/$pid/task/"*)
    [[ $proc_state == [ZX] && ${#threads[@]} -le 1 ]]
}

publish() {
    number=$((number + 1))
    local line
    printf -v line 'n=%d v=1 boot=%s guard=%d answered=%d state=%s pid=%d started=%d incarnation=%d deadline=%d epoch=%d fenced=%d now=%d exit=%s' \
        "$number" "$boot" $$ "$answered" "$state" "$pid" "$started" "$incarnation" "$deadline" \
        "$epoch" "$fenced" "$now" "$why"
    # In place and of fixed length: it needs no space on a full disk, no fork, and is one write.
    printf '%-480.480s n=%-20d end\n' "$line" "$number" 1<>"status.$((number & 1))"
}

# Takes over what an earlier guard of this directory left behind.
load() {
    local file line best=0 best_line= re_n=' n=([0-9]+) +end$'
    for file in status.0 status.1; do
        [[ -f $file ]] && IFS= read -r line <"$file" || continue
        [[ $line =~ $re_n && $line == "n=${BASH_REMATCH[1]} "* ]] || continue
        ((BASH_REMATCH[1] > best)) && best=${BASH_REMATCH[1]} best_line=$line
    done
    ((best == 0)) && return
    local word old_boot= old_pid=0 old_started=0
    for word in ${best_line%%exit=*}; do
        case $word in
            boot=*) old_boot=${word#*=} ;;
            pid=*) old_pid=${word#*=} ;;
            started=*) old_started=${word#*=} ;;
            incarnation=*) incarnation=${word#*=} ;;
            epoch=*) epoch=${word#*=} ;;
            fenced=*) fenced=${word#*=} ;;
        esac
    done
    number=$best
    [[ $old_boot == "$boot" && $old_pid != 0 ]] || return
    look_at "$old_pid" && [[ $proc_started == "$old_started" ]] || return
    pid=$old_pid started=$old_started foreign=1 state=RUNNING
    if [[ -s attach ]]; then
        log "goes on watching mysqld $pid"
        hold_life
    else
        # It outlived its guard, so nobody enforced its deadline since.
        slay "$epoch" 'its guard was lost'
    fi
}

# Second line besides the parent death signal, which the kernel forgets when mysqld changes its
# user: a child that waits for this process to end, by the end of a FIFO, then kills mysqld.
hold_life() {
    (
        # In this order: opening would wait for a writer if this process was none itself.
        exec 5<life
        exec 6>&- 7<&- 8<&- 9>&-
        trap : HUP INT TERM
        while read -r _ <&5 || [[ $? -gt 128 ]]; do :; done
        look_at "$pid" && [[ $proc_started == "$started" ]] || exit 0
        ((foreign)) || kill -KILL -- "-$pid"
        kill -KILL "$pid"
    ) &
    life=$!
    # So that its end is not worth a message.
    disown "$life"
}

release_life() {
    ((life)) && kill -KILL "$life" 2>/dev/null
    life=0
}

slay() {
    local of_epoch=$1 reason=$2
    ((of_epoch > fenced)) && fenced=$of_epoch
    deadline=0
    [[ $state == DEAD ]] && return
    # A foreign process may share its group with its supervisor, so only a child's group is killed.
    ((foreign)) || kill -KILL -- "-$pid" 2>/dev/null
    kill -KILL "$pid" 2>/dev/null
    [[ $state == DYING ]] && return
    state=DYING why=${reason:0:120}
    publish
    log "killed mysqld $pid of epoch $epoch: $reason"
}

# mysqld refuses to start while the process that its socket's lock file names exists, even one
# that is dead and only waits for init to take notice.
must_wait() {
    [[ $state == DYING ]] && return
    ((unreaped && now - unreaped_at < REAPED_MS)) && kill -0 "$unreaped" 2>/dev/null
}

launch() {
    [[ $state != RUNNING && -s argv ]] || { wanted=0; return; }
    if must_wait; then
        ((wanted)) || log 'starts mysqld as soon as the one before is gone for good'
        wanted=1
        return
    fi
    wanted=0
    local argv oom=0
    mapfile -d '' -t argv <argv
    read -r oom 2>/dev/null <oom || oom=0
    # setsid: a group of its own. setpriv: dies with its parent, even across exec. The inner shell
    # closes the gap in which this process could die before setpriv asked for that.
    setsid setpriv --pdeathsig KILL -- "$BASH" -c '
        [[ $PPID == "$1" ]] || exit 125
        echo "$2" 2>/dev/null >/proc/self/oom_score_adj
        shift 2
        exec "$@"' guarded $$ "$oom" "${argv[@]}" \
        </dev/null >>mysqld.out 2>&1 6>&- 7<&- 8<&- 9>&- &
    pid=$! foreign=0 state=RUNNING deadline=0 why=
    incarnation=$((incarnation + 1))
    look_at "$pid" && started=$proc_started
    hold_life
    log "started mysqld $pid, incarnation $incarnation"
}

# Looks for the mysqld that somebody else starts.
attach() {
    ((now - looked < ATTACH_EVERY_MS)) && return
    looked=$now
    local file found= args
    read -r file <attach
    # Without a line's end, read fails but has read.
    read -r found 2>/dev/null <"$file"
    [[ $found =~ ^[0-9]+$ ]] && look_at "$found" && [[ $proc_state != [ZX] ]] || return
    # A pid file outlives its process, and the number may now be another program's.
    mapfile -d '' -t args 2>/dev/null <"/proc/$found/cmdline"
    [[ ${args[*]} == *mysqld* ]] || return
    pid=$found started=$proc_started foreign=1 state=RUNNING deadline=0 why=
    incarnation=$((incarnation + 1))
    hold_life
    log "watches mysqld $pid, incarnation $incarnation"
    publish
}

check_process() {
    if [[ $state == DEAD ]]; then
        [[ -s attach ]] && ((!stopping)) && attach
        return
    fi
    gone || return
    local code=0
    if ((!foreign)); then
        wait "$pid" 2>/dev/null
        code=$?
        if ((code > 128)); then
            why="signal $((code - 128))${why:+: $why}"
        else
            why="exit code $code${why:+: $why}"
        fi
    else
        why=${why:-it ended}
    fi
    log "mysqld $pid is gone: $why"
    ((foreign)) && unreaped=$pid unreaped_at=$now
    state=DEAD pid=0 started=0
    publish
    release_life
}

check_deadline() {
    ((deadline > 0 && now >= deadline)) || return
    local late=$((now - deadline))
    slay "$epoch" "lease of epoch $epoch ran out ($late ms ago)"
    publish
}

refuse() {
    log "refused: $* (epoch $epoch, fenced $fenced)"
}

obey() {
    local sequence order first rest
    read -r sequence order first rest <<<"$1"
    [[ $sequence =~ ^[0-9]+$ ]] || return
    heard=$now answered=$sequence
    [[ $order == ping || $order == start || $first =~ ^[0-9]+$ ]] || { refuse "$1"; return; }
    case $order in
        start) ((stopping)) || launch ;;
        extend) extend "$first" "$rest" ;;
        disarm)
            if ((first < epoch)); then refuse "$1"; else epoch=$first deadline=0; fi ;;
        kill)
            wanted=0
            ((first > epoch)) && epoch=$first
            slay "$first" "$rest" ;;
        stop)
            log 'was told to stop'
            stopping=1 wanted=0 stop_at=$((now + first)) ;;
        ping) ;;
        *) refuse "$1" ;;
    esac
}

extend() {
    local of_epoch=$1 until=$2
    if ((of_epoch < epoch || of_epoch <= fenced)) || ! [[ $until =~ ^[0-9]+$ ]]; then
        refuse "extend $*"
        return
    fi
    if ((of_epoch > epoch || until > deadline)); then
        epoch=$of_epoch deadline=$until
    fi
}

check_end() {
    if ((stopping)); then
        if ((foreign)) || [[ $state == DEAD ]]; then
            leave 'as it was told'
        fi
        if ((now >= stop_at)); then
            slay 0 'it did not stop in time'
        elif [[ $state == RUNNING ]] && ((now - asked >= ASK_EVERY_MS)); then
            # Again and again: a process that is only just starting may miss it.
            asked=$now
            kill -TERM -- "-$pid" 2>/dev/null
        fi
    elif [[ $state == DEAD ]] && ((now - heard > ALONE_MS)); then
        leave 'nobody spoke to it and there is nothing to guard'
    fi
}

leave() {
    log "guard ends: $1"
    rm -f pid
    # Otherwise a foreign mysqld would be killed, which an orderly end must not do.
    release_life
    exit 0
}

# Without orders nobody can extend a deadline: end, and let the life line do the rest.
leave_orders() {
    slay "$epoch" 'orders cannot be read'
    log 'guard ends: orders cannot be read'
    exit 1
}

# What mysqld writes to standard output is kept, but not without limit.
check_output() {
    ((now - output_at < ALONE_MS)) && return
    output_at=$now
    [[ $state == RUNNING && /proc/$pid/fd/1 -ef mysqld.out ]] || return
    local key value
    while read -r key value; do
        [[ $key == pos: ]] && ((value > OUTPUT_LIMIT)) && : >mysqld.out
    done 2>/dev/null <"/proc/$pid/fdinfo/1"
}

next_tick() {
    local ms=$TICK_MS
    [[ $state == DYING ]] && ms=5
    ((deadline > 0 && deadline - now < ms)) && ms=$((deadline - now))
    ((ms < 1)) && ms=1
    printf -v tick '0.%03d' "$ms"
}

exec 6>>guard.log 8>>lock
flock -n $LOCK || exit 3
logged=0 now=0 output_at=0
clock
heard=$now
rm -f in life
mkfifo -m 600 in life || exit 1
# Opened for reading and writing, so that it never comes to its end when an agent goes.
exec 7<>in
exec 9<>life
# The kernel should rather end anything else first; mysqld gets its own value back.
[[ -s oom ]] || { read -r oom </proc/self/oom_score_adj; echo "$oom" >oom; }
echo -900 2>/dev/null >/proc/self/oom_score_adj
log "guard $$ begins"
while read -r key value; do
    [[ $key == pos: ]] && logged=$value
done <"/proc/$$/fdinfo/$LOG"
load
publish
# Whoever reads this finds a status of this guard, not of the one before.
look_at $$
printf '%d %s %s\n' $$ "$proc_started" "$boot" >pid

while :; do
    next_tick
    if IFS= read -r -t "$tick" -u $IN line; then
        line=$partial$line partial=
    else
        # More than 128: the time is up. Anything else never happens on an open FIFO.
        (($? > 128)) || leave_orders
        partial+=$line line=
    fi
    clock
    check_process
    check_deadline
    if ((wanted)); then
        launch
        [[ $state == RUNNING ]] && publish
    fi
    if [[ -n $line ]]; then
        obey "$line"
        check_deadline
        publish
    fi
    check_end
    check_output
done
