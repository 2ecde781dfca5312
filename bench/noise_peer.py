"""The noisy random circuits of the benchmarks, as text for zcz and for qsim: a grid of qubits, in each cycle a random root
of X, Y or W on every qubit and fSim(pi/2, pi/6) on one of the patterns ABCDCDAB, after every gate depolarizing noise (X, Y, Z
at p/3 each) on each qubit it touched; all measured."""

import math
import random
import time

PATTERNS = "ABCDCDAB"


def gates(rows, columns, cycles):
    """(name, qubits) in order: names x, y, w, f."""
    draw, before = random.Random(1), [None] * (rows * columns)

    def layer():
        for qubit in range(rows * columns):
            before[qubit] = draw.choice([name for name in "xyw" if name != before[qubit]])
            yield before[qubit], (qubit,)

    for cycle in range(cycles):
        yield from layer()
        letter = PATTERNS[cycle % 8]
        for row in range(rows):
            for column in range(columns):
                other = (row, column + 1) if letter in "AB" else (row + 1, column)
                if (row + column) % 2 == (letter in "BD") and other[0] < rows and other[1] < columns:
                    yield "f", (row * columns + column, other[0] * columns + other[1])
    yield from layer()


def qasm3(rows, columns, cycles, p):
    """Roots by U: sqrt X = U(pi/2, -pi/2, pi/2), sqrt Y = U(pi/2, 0, 0), sqrt W = U(pi/2, -pi/4, pi/4), up to phase."""
    u = {"x": "U(pi/2, -pi/2, pi/2)", "y": "U(pi/2, 0, 0)", "w": "U(pi/2, -pi/4, pi/4)"}
    count = rows * columns
    lines = ["OPENQASM 3.0;", 'include "stdgates.inc";', "gate fsim a, b { swap a, b; sdg a; sdg b; cp(pi - pi/6) a, b; }",
             f"qubit[{count}] q;", f"bit[{count}] c;"]
    for name, qubits in gates(rows, columns, cycles):
        lines.append(f"{u.get(name, 'fsim')} {', '.join(f'q[{q}]' for q in qubits)};")
        lines += [f"#pragma braket noise depolarizing({p}) q[{q}]" for q in qubits]
    return "\n".join(lines + ["c = measure q;", ""])


class Qsim:
    """One trajectory a repetition."""

    def __init__(self, rows, columns, cycles, p, threads):
        import cirq
        import numpy
        import qsimcirq
        w = cirq.MatrixGate(numpy.array([[(1 + 1j) / 2, -1j / math.sqrt(2)], [1 / math.sqrt(2), (1 + 1j) / 2]]))
        table = {"x": cirq.X**0.5, "y": cirq.Y**0.5, "w": w, "f": cirq.FSimGate(math.pi / 2, math.pi / 6)}
        q = cirq.LineQubit.range(rows * columns)
        operations = []
        for name, qubits in gates(rows, columns, cycles):
            operations.append(table[name](*(q[i] for i in qubits)))
            operations += [cirq.depolarize(p)(q[i]) for i in qubits]
        self.circuit = cirq.Circuit(operations, cirq.measure(*q, key="m"))
        self.simulator = qsimcirq.QSimSimulator(qsimcirq.QSimOptions(max_fused_gate_size=3, cpu_threads=threads), seed=1)
        self.simulator.run(self.circuit, repetitions=1)

    def seconds(self, repetitions):
        start = time.perf_counter()
        self.simulator.run(self.circuit, repetitions=repetitions)
        return time.perf_counter() - start
