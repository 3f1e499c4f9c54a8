#!/usr/bin/env bash
# Runs the tests of a CMake project as an array job of Slurm: `slurm.sh 4` in its folder, which all nodes see,
# with the tests built in build/csan. Each of the four tasks takes its part of the suite, whose records
# meet in csan-results. Exits as `csan run` on one machine would: 0 clean, 1 a mistake, 2 findings, 4 not
# everything was run.
#SBATCH --job-name=csan
#SBATCH --output=csan-results/part-%a.log
set -euo pipefail

if [[ -n ${SLURM_ARRAY_TASK_ID:-} ]]; then
  # The part is taken from Slurm's variables.
  exec csan run --timeout=1800 --keep="csan-results/records/$SLURM_ARRAY_TASK_ID" \
    -- ctest --test-dir build/csan --output-on-failure
fi

if [[ -e csan-results ]]; then
  echo "slurm.sh: csan-results is there already: its records would be taken for this run's." >&2
  exit 1
fi
mkdir -p csan-results/records
parts=${1:-4}
worst=0
sbatch --wait --array="0-$((parts - 1))" "$0" || worst=$?

verdict=0
csan report --sarif=csan-results/csan.sarif --junit=csan-results/csan.xml \
  --html=csan-results/csan.html csan-results/records || verdict=$?
# A part that found something ends with 2; one that ended otherwise has not run everything.
if ((verdict == 0 && worst != 0)); then
  echo "slurm.sh: not every part was run whole: csan-results/part-*.log say why." >&2
  verdict=4
fi
exit "$verdict"
