"""qsim on a circuit in its own text format; only the work of its C++ side is timed."""

import time

import cirq
import qsimcirq
from qsimcirq import qsim_circuit
from qsimcirq.qsim_simulator import QSimSimulator


def read(path):
    """The circuit of a file in qsim's text format."""
    gates = {
        "h": cirq.H, "t": cirq.T, "cz": cirq.CZ, "x": cirq.X, "y": cirq.Y, "z": cirq.Z, "is": cirq.ISWAP,
        "x_1_2": cirq.X**0.5, "y_1_2": cirq.Y**0.5, "hz_1_2": cirq.PhasedXPowGate(phase_exponent=0.25, exponent=0.5),
    }
    with open(path) as file:
        qubits = cirq.LineQubit.range(int(file.readline()))
        moments = {}
        for line in file:
            words = line.split()
            if not words:
                continue
            moment, name = int(words[0]), words[1]
            if name in gates:
                operation = gates[name].on(*(qubits[int(word)] for word in words[2:]))
            elif name == "fs":
                operation = cirq.FSimGate(*map(float, words[4:])).on(*(qubits[int(word)] for word in words[2:4]))
            elif name == "rz":
                operation = cirq.rz(float(words[3])).on(qubits[int(words[2])])
            else:
                raise ValueError(f"{path}: unknown gate {name}")
            moments.setdefault(moment, []).append(operation)
    return qubits, cirq.Circuit(cirq.Moment(moments[moment]) for moment in sorted(moments))


class Amplitudes:
    """Amplitudes of some bit strings (qubit 0 rightmost) by qsim's state vector."""

    def __init__(self, path, strings, threads, fused):
        qubits, circuit = read(path)
        self.simulator = QSimSimulator(qsimcirq.QSimOptions(cpu_threads=threads, max_fused_gate_size=fused))
        program, _ = self.simulator._translate_circuit(
            qsim_circuit.QSimCircuit(circuit), "translate_cirq_to_qsim", cirq.QubitOrder.as_qubit_order(qubits).order_for(qubits))
        # qsim numbers its qubits from cirq's last, and its strings begin with its qubit 0: ours end with our qubit 0.
        self.options = {"i": "\n".join(strings), "c": program, "s": 1, **self.simulator.qsim_options}

    def run(self):
        start = time.perf_counter()
        amplitudes = self.simulator._sim_module.qsim_simulate(self.options)
        return time.perf_counter() - start, amplitudes
