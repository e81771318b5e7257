#!/usr/bin/env bash
# A real Slurm of one node, and the scenarios of .ci/slurm-scenarios.mjs on it.
#
# Slurm and munge come from Debian's packages, unpacked into a folder of their own: nothing is installed. The daemons are
# started here and ended by their ids. Where the packages cannot be had, or this is not root on Debian, it says so and passes.
set -euo pipefail
cd "$(dirname "$0")/.."
skip() {
  echo "skipped: $1"
  exit 0
}
[ "$(uname -s)" = Linux ] || skip 'Slurm runs on Linux alone'
command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || skip 'packages are taken from Debian, and there is no apt-get'
[ "$(id -u)" -eq 0 ] || skip 'slurmd and slurmctld are started as root, and this is another user'
[ -f dist/cli/main.js ] || skip 'dist is missing: run "npm run build" first'

at=$(mktemp -d /tmp/dramatis-slurm-XXXXXX)
chmod 755 "$at"
root=$at/root libraries=$at/root/usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH 2>/dev/null || echo x86_64-linux-gnu)
packages=(slurmctld slurmd slurm-client slurm-wlm-basic-plugins munge libmunge2 libhwloc15 liblua5.1-0)
mkdir "$at/debs"
fetch() { (cd "$at/debs" && timeout 60 apt-get -qq -o APT::Sandbox::User=root download "${packages[@]}") >/dev/null 2>&1; }
if ! fetch && ! { timeout 60 apt-get update -qq >/dev/null 2>&1 && fetch; }; then
  rm -rf "$at"
  skip "the packages ${packages[*]} cannot be had"
fi
for deb in "$at"/debs/*.deb; do dpkg-deb -x "$deb" "$root"; done
# Debian's alternatives are links that installing makes.
for name in slurmctld slurmd slurmstepd; do ln -s "$name-wlm" "$root/usr/sbin/$name"; done

export LD_LIBRARY_PATH=$libraries:$libraries/slurm-wlm PATH=$root/usr/bin:$root/usr/sbin:$PATH SLURM_CONF=$at/slurm.conf
host=$(hostname -s)
mkdir -p "$at/state" "$at/spool" "$at/munge"
head -c 1024 /dev/urandom >"$at/munge/key"
chmod 600 "$at/munge/key"
cat >"$SLURM_CONF" <<CONF
ClusterName=one
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket=$at/munge/socket
CredType=cred/munge
SlurmctldPort=${SLURM_TEST_PORT:-26817}
SlurmdPort=$((${SLURM_TEST_PORT:-26817} + 1))
SlurmctldPidFile=$at/slurmctld.pid
SlurmdPidFile=$at/slurmd.pid
StateSaveLocation=$at/state
SlurmdSpoolDir=$at/spool
SlurmctldLogFile=$at/slurmctld.log
SlurmdLogFile=$at/slurmd.log
PluginDir=$libraries/slurm-wlm
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU_Memory
SchedulerParameters=batch_sched_delay=0,sched_interval=1,bf_interval=1
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
ReturnToService=2
KillWait=10
MaxArraySize=4
SlurmdTimeout=9
NodeName=$host NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000 State=UNKNOWN
PartitionName=work Nodes=ALL Default=YES MaxTime=INFINITE PriorityTier=1 PreemptMode=REQUEUE GraceTime=10 State=UP
PartitionName=urgent Nodes=ALL PriorityTier=10 PreemptMode=OFF State=UP
CONF

ids=()
finish() {
  scancel --user=root --quiet 2>/dev/null || true
  sleep 1
  # The scenarios start slurmd again.
  for id in "$(cat "$at/slurmd.id" 2>/dev/null)" "${ids[@]}"; do [ -z "$id" ] || kill "$id" 2>/dev/null || true; done
  wait 2>/dev/null || true
  [ -n "${KEEP_SLURM:-}" ] && echo "kept: $at" || rm -rf "$at"
}
trap finish EXIT
trap 'exit 130' INT TERM

munged --foreground --force --key-file="$at/munge/key" --socket="$at/munge/socket" --pid-file="$at/munge/pid" \
  --log-file="$at/munge/log" --seed-file="$at/munge/seed" >/dev/null 2>"$at/munge/err" &
ids+=($!)
for _ in $(seq 50); do [ -S "$at/munge/socket" ] && break || sleep 0.1; done
slurmctld -D >/dev/null 2>&1 &
ids+=($!)
start_slurmd() {
  cd "$at"
  slurmd -D -N "$host" -d "$root/usr/sbin/slurmstepd" >/dev/null 2>&1 &
  echo $! >"$at/slurmd.id"
  cd - >/dev/null
}
start_slurmd
for _ in $(seq 100); do [ "$(sinfo -h -o %T 2>/dev/null | head -1)" = idle ] && break || sleep 0.2; done
[ "$(sinfo -h -o %T 2>/dev/null | head -1)" = idle ] || {
  tail -5 "$at"/slurmctld.log "$at"/slurmd.log
  echo 'the daemons did not come up'
  exit 1
}
node .ci/slurm-scenarios.mjs "$at"
