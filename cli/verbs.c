#include "cli/verbs.h"

#include "cli/cli.h"

#define EVERYWHERE "Everywhere"
#define PROGRAM "Program and chip"
#define MACHINE "Machine"
#define JOB "What is run"
#define OUTCOME "What is asked for"

const cli_option cli_options[] = {
    {KEY_LANG, "lang", "LANGUAGE", CLI_PROGRAM, PROGRAM,
     "language of the program: qasm2, qasm3, qcis, qsim (default: by the file's suffix)",
     "qasm2 qasm3 qcis qsim"},
    {KEY_CHIP, "chip", "CHIP", CLI_RUN | CLI_PLAN | CLI_COMPILE, PROGRAM,
     "name of a chip, or a file (with a / or .json) in zcz's form, the cloud's configuration or "
     "its "
     "flat calibration (default: zuchongzhi-3.0; for plan: none)",
     "CHIP"},
    {KEY_RXY, "rxy", "ORDER", CLI_PROGRAM, PROGRAM,
     "order of the angles of QCIS RXY: phi-theta (default) or theta-phi", "phi-theta theta-phi"},
    {KEY_FIRST_QUBIT, "first-qubit", "N", CLI_COMPILE | CLI_CONVERT, PROGRAM,
     "number that qubit 0 has in the QCIS written (default 1)", NULL},
    {KEY_TO, "to", "LANGUAGE", CLI_COMPILE | CLI_CONVERT, PROGRAM,
     "language to write: qasm2, qasm3, qcis, qsim (compile: qcis)", "qasm2 qasm3 qcis qsim"},
    {KEY_LAYOUT, "layout", "HOW", CLI_RUN | CLI_PLAN | CLI_COMPILE, MACHINE,
     "auto (placed and routed for the least loss), trivial (qubit i on the i-th enabled qubit or "
     "the "
     "i-th of --qubits, may be routed), as-written (the same, an error where a coupler is "
     "missing); "
     "default auto, for QCIS as-written",
     "auto trivial as-written"},
    {KEY_QUBITS, "qubits", "LIST", CLI_RUN | CLI_PLAN | CLI_COMPILE, MACHINE,
     "use these qubits of the chip, as 1-83,90 or Q1,Q90", NULL},
    {KEY_NOISE, "noise", "PARTS", CLI_RUN | CLI_PLAN, MACHINE,
     "all (default), none, or a list of relaxation, depolarizing, coherent, readout",
     "all none relaxation depolarizing coherent readout"},
    {KEY_TWIRL, "twirl", NULL, CLI_RUN | CLI_PLAN, MACHINE,
     "relaxation and coherent errors become their Pauli twirl, which stabilizer programs can bear",
     NULL},
    {KEY_SHOTS, "shots", "N", CLI_JOB, JOB, "shots to draw (default 1,000; at most 10^9)", NULL},
    {KEY_MEMORY_SHOTS, "memory-shots", NULL, CLI_JOB, JOB,
     "list the outcome of each shot, not only counts", NULL},
    {KEY_ENGINE, "engine", "NAME", CLI_JOB, JOB,
     "auto (default), stabilizer, density or statevector", "auto stabilizer density statevector"},
    {KEY_PRECISION, "precision", "P", CLI_JOB, JOB,
     "single or double (default: run single, its noise being larger; simulate and plan double)",
     "single double"},
    {KEY_PROBABILITIES, "probabilities", NULL, CLI_SIMULATE | CLI_PLAN, OUTCOME,
     "exact probability of each outcome; beyond 2^20 outcomes only with -o FILE.npy", NULL},
    {KEY_STATE, "state", "FILE", CLI_SIMULATE | CLI_PLAN, OUTCOME,
     "write the amplitudes of all 2^n basis states to FILE.npy (complex64 or complex128)", "FILE"},
    {KEY_AMPLITUDES, "amplitudes", "FILE", CLI_SIMULATE | CLI_PLAN, OUTCOME,
     "amplitudes of the bit strings in FILE, one a line, qubit 0 rightmost", "FILE"},
    {KEY_EXPECT, "expect", "OBSERVABLE", CLI_SIMULATE | CLI_PLAN, OUTCOME,
     "expectation value of a sum of Pauli products, as \"0.5*Z0*Z1 - X3 + 2\"; may be repeated",
     NULL},
    {KEY_EXPECT_FILE, "expect-file", "FILE", CLI_SIMULATE | CLI_PLAN, OUTCOME,
     "expectation values of the observables in FILE, one a line", "FILE"},
    {KEY_COLUMN, "column", "NAME", CLI_DRAW, OUTCOME,
     "calibration column that colours a chip's qubits: pauli_error (default), t1_us, t2_us, "
     "readout, "
     "p10, p01, coupler_error",
     "pauli_error t1_us t2_us readout p10 p01 coupler_error"},
    {KEY_OUTPUT, "output", "FILE", CLI_ALL, EVERYWHERE,
     "write what the verb makes (text, picture, array, or the result) to FILE, whole or not at all",
     "FILE"},
    {KEY_JSON, "json", NULL, CLI_ALL, EVERYWHERE,
     "one JSON object on standard output and nothing else there", NULL},
    {KEY_SEED, "seed", "N", CLI_ALL, EVERYWHERE,
     "0 to 2^53-1; the same seed gives the same result (default: drawn, and reported)", NULL},
    {KEY_THREADS, "threads", "N", CLI_ALL, EVERYWHERE, "threads (default: the CPUs allowed)", NULL},
    {KEY_MEMORY, "memory", "SIZE", CLI_ALL, EVERYWHERE,
     "limit, as 8GiB (default: 80 % of what is free)", NULL},
    {KEY_TIME, "time", "LIMIT", CLI_ALL, EVERYWHERE,
     "stop cleanly after this long, as 90s, 10m or 2h, and keep what is done", NULL},
    {KEY_PROGRESS, "progress", "WHEN", CLI_ALL, EVERYWHERE,
     "auto (default: on a terminal), always or never", "auto always never"},
    {KEY_QUIET, "quiet", NULL, CLI_ALL, EVERYWHERE, "no progress and no warnings", NULL},
    {KEY_HELP, "help", NULL, CLI_ALL, EVERYWHERE, "this help", NULL},
    {KEY_VERSION, "version", NULL, CLI_ALL, EVERYWHERE, "version of zcz", NULL},
    {0, NULL, NULL, 0, NULL, NULL, NULL}};

const cli_verb cli_verbs[] = {
    {"run", CLI_RUN, "PROGRAM", "run a program as the chip would: compiled, noisy, measured",
     "Compiles PROGRAM to the chip's native gates on its qubits, adds the chip's noise from its "
     "calibration, and draws shots. A QCIS program names the chip's qubits and is never moved. A "
     "program without measurement is measured on all its qubits.",
     "zcz run examples/01-bell.qasm --shots 2000 --seed 7\n"
     "zcz run examples/08-ghz-105.qasm --twirl --shots 100000 --json\n"
     "zcz run examples/07-native.qcis --chip tianyan-287 --noise readout\n",
     cli_run},
    {"simulate", CLI_SIMULATE, "PROGRAM", "simulate exactly what a program says; no chip",
     "Gives shots, or what is asked for beside or instead of them: exact probabilities, the state, "
     "amplitudes, expectation values. Measurements at the end of the program are left out for "
     "state, "
     "amplitudes and expectation values.",
     "zcz simulate examples/02-ghz.qasm --probabilities\n"
     "zcz simulate examples/01-bell.qasm --expect \"Z0*Z1\" --expect \"X0*X1\"\n"
     "zcz simulate circuit.qsim --state state.npy --precision single\n",
     cli_simulate},
    {"plan", CLI_PLAN, "PROGRAM", "which engines can, at what memory and time; runs nothing",
     "With --chip for what `run` would do, without for what `simulate` would do. Shows each "
     "engine, "
     "whether it is able and why not, memory, forecast of time, exact or not, and which is taken.",
     "zcz plan examples/02-ghz.qasm --shots 100000\n"
     "zcz plan examples/08-ghz-105.qasm --chip zuchongzhi-3.0 --twirl\n",
     cli_plan},
    {"compile", CLI_COMPILE, "PROGRAM", "to the chip's native gates, on its qubits",
     "Decomposes, places, routes and schedules PROGRAM and writes it in the language of --to. The "
     "report says which chip qubit holds which program qubit, before and after.",
     "zcz compile examples/02-ghz.qasm\nzcz compile examples/05-grover.qasm --to qasm3 -o "
     "out.qasm\n",
     cli_compile},
    {"convert", CLI_CONVERT, "PROGRAM --to LANGUAGE", "to another language, nothing else changed",
     "Says what the other language cannot say, and then writes nothing.",
     "zcz convert examples/07-native.qcis --to qasm3\n", cli_convert},
    {"draw", CLI_DRAW, "THING", "a picture of a program, a chip or a result",
     "THING is a program, a chip's name or file, or a result file of `run` or `simulate`. The "
     "picture goes to the terminal, or with -o to FILE.svg, .png, .pdf or .txt.",
     "zcz draw examples/03-teleportation.qasm\n"
     "zcz draw zuchongzhi-3.0 --column t1_us -o chip.svg\nzcz draw result.json -o counts.png\n",
     cli_draw},
    {"chip", CLI_CHIP, "list | show NAME | check FILE", "the chips there are, and what they hold",
     "`list` names the chips, `show` gives all a chip's numbers with their sources, `check` reads "
     "a "
     "file of any of the three forms and says what it had to assume.",
     "zcz chip list\nzcz chip show zuchongzhi-3.0\nzcz chip check calibration.json\n", cli_chip},
    {NULL, 0, NULL, NULL, NULL, NULL, NULL}};
