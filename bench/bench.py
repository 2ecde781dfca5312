"""zcz and its peers on the same work, in turn; see README.md. Each benchmark yields rows: what, unit, ours, peer's (or
None), and the goal: an upper limit for ours, or for the ratio ours / peer's where there is a peer."""

import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ZCZ = os.environ.get("ZCZ", os.path.join(ROOT, "build", "zcz"))
DATA = os.environ.get("ZCZ_SHARED_DATA", os.path.join(ROOT, "..", "shared", "data"))


class Missing(Exception):
    """An input or a peer that is not here."""


def data(path):
    path = os.path.join(DATA, path)
    if not os.path.exists(path):
        raise Missing(f"{path} is missing")
    return path


def example(name):
    return os.path.join(ROOT, "examples", name)


def zcz(*arguments):
    """The wall time of one run of the command, and its result."""
    start = time.perf_counter()
    done = subprocess.run([ZCZ, *arguments, "--json"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    seconds = time.perf_counter() - start
    if done.returncode:
        raise RuntimeError(f"zcz {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
    return seconds, json.loads(done.stdout)


def statevector_q24(rounds=5, threads=2):
    """qsim's own random circuit on 24 qubits, complex64, the engine's work alone on both sides: qsim with the gate fusion
    that is its fastest here."""
    path = data("circuits/circuit_q24")
    try:
        import qsim_peer
    except ImportError as error:
        raise Missing(str(error))
    draw = random.Random(1)
    strings = ["".join(draw.choice("01") for _ in range(24)) for _ in range(100)]
    fused = {size: qsim_peer.Amplitudes(path, strings, threads, size) for size in (2, 3, 4)}
    best = min(fused, key=lambda size: min(fused[size].run()[0] for _ in range(2)))
    ours, peers = [], []
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        file.write("\n".join(strings) + "\n")
        file.flush()
        arguments = ["simulate", path, "--lang", "qsim", "--engine", "statevector", "--precision", "single", "--threads", str(threads),
                     "--amplitudes", file.name]
        for _ in range(rounds):
            seconds, expected = fused[best].run()
            peers.append(seconds)
            _, result = zcz(*arguments)
            ours.append(result["timings"]["run"])
    worst = max(abs(complex(*result["amplitudes"][string]) - value) for string, value in zip(strings, expected))
    if worst > 1e-4 * 2**-12:
        raise RuntimeError(f"the amplitudes of zcz and qsim differ by {worst:g}")
    yield f"circuit_q24, complex64, {threads} threads (qsim fuses {best})", "s", ours, peers, 1.25


def ghz_105(rounds=5):
    """The whole chip in one GHZ state, twirled noise, 100,000 shots: the whole process."""
    arguments = ["run", example("08-ghz-105.qasm"), "--layout", "trivial", "--twirl", "--shots", "100000", "--seed", "1"]
    yield "GHZ on 105 qubits, twirled, 100,000 shots", "s", [zcz(*arguments)[0] for _ in range(rounds)], None, 2.0


def two_qubits(rounds=200):
    """A first program with 1,000 shots, from start to finish of the process."""
    for verb in ("run", "simulate"):
        command = [ZCZ, verb, example("01-bell.qasm"), "--seed", "1"]
        samples = []
        for _ in range(rounds):
            start = time.perf_counter()
            process = os.posix_spawn(ZCZ, command, os.environ, file_actions=[(os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
            _, status = os.waitpid(process, 0)
            samples.append((time.perf_counter() - start) * 1e3)
            if status:
                raise RuntimeError(f"{' '.join(command)}: status {status}")
        yield f"two qubits, 1,000 shots: {verb}", "ms", samples, None, 5.0


def noisy(rows, columns, *options):
    """A noisy random circuit of 10 cycles (noise_peer.py), p = 1e-3, its result in single precision."""
    import noise_peer
    with tempfile.NamedTemporaryFile("w", suffix=".qasm") as file:
        file.write(noise_peer.qasm3(rows, columns, 10, 1e-3))
        file.flush()
        return zcz("simulate", file.name, "--precision", "single", "--threads", "2", *options)[1]


def noise20(rounds=3, shots=200):
    """Trajectories of 20 qubits, 298 gates, 376 channels: zcz simulates once what shots have in common, qsim each in full."""
    import noise_peer
    try:
        peer = noise_peer.Qsim(4, 5, 10, 1e-3, 2)
    except ImportError as error:
        raise Missing(str(error))
    ours, peers = [], []
    for _ in range(rounds):
        peers.append(peer.seconds(shots // 4) * 1e3 / (shots // 4))
        timings = noisy(4, 5, "--engine", "statevector", "--shots", str(shots))["timings"]
        ours.append((timings["run"] + timings["sample"]) * 1e3 / shots)
    yield "20 qubits, depolarizing 1e-3, a trajectory, 2 threads", "ms", ours, peers, 0.5


def dm12(rounds=3):
    """The density matrix of 12 qubits, 175 gates, 350 channels; QuEST's f32 took 7.17 s on two Zen 4 cores."""
    ours = []
    for _ in range(rounds):
        result = noisy(3, 4, "--engine", "density", "--probabilities")
        if abs(result["probabilities"]["0" * 12] / 2.3099541e-4 - 1) > 1e-5:
            raise RuntimeError(f"rho_00 is {result['probabilities']['0' * 12]}, not 2.3099541e-4")
        ours.append(result["timings"]["run"])
    yield "density matrix of 12 qubits, depolarizing 1e-3", "s", ours, None, 2.0


BENCHMARKS = {function.__name__: function for function in (statevector_q24, ghz_105, two_qubits, noise20, dm12)}


def machine():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return {"cpu": names[0] if names else platform.processor(), "cpus": len(os.sched_getaffinity(0)), "system": platform.platform()}


def main(names):
    unknown = [name for name in names if name not in BENCHMARKS]
    if unknown:
        sys.exit(f"bench: no {unknown[0]}; there are {', '.join(BENCHMARKS)}")
    here = machine()
    print(f"{here['cpu']}, {here['cpus']} CPUs; medians")
    print(f"{'':58} {'ours':>10} {'peer':>10} {'ratio':>6} {'goal':>9}")
    rows, missed = [], 0
    for name in names or BENCHMARKS:
        try:
            for what, unit, ours, peers, goal in BENCHMARKS[name]():
                median = statistics.median(ours)
                peer = statistics.median(peers) if peers else None
                measure = median / peer if peers else median
                good = measure <= goal
                missed += not good
                rows.append({"name": name, "what": what, "unit": unit, "ours": ours, "peer": peers, "goal": goal, "met": good})
                print(f"{what:58} {median:8.3f} {unit:2}" + (f"{peer:8.3f} {unit:2} {measure:6.2f}" if peers else f"{'-':>10} {'-':>6}")
                      + f" {'<=' + format(goal, 'g') + ('x' if peers else ' ' + unit):>9} {'met' if good else 'MISSED'}", flush=True)
        except (Missing, RuntimeError) as error:
            missed += isinstance(error, RuntimeError)
            print(f"{name}: {'left out' if isinstance(error, Missing) else 'FAILED'}: {error}", flush=True)
    os.makedirs(os.path.join(ROOT, "build", "bench"), exist_ok=True)
    with open(os.path.join(ROOT, "build", "bench", "results.json"), "w") as file:
        json.dump({"machine": here, "rows": rows}, file, indent=1)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
