/* All of the public interface. */
#ifndef ZCZ_ZCZ_H
#define ZCZ_ZCZ_H

#include "zcz/accuracy.h"
#include "zcz/channel.h"
#include "zcz/chip.h"
#include "zcz/circuit.h"
#include "zcz/compile.h"
#include "zcz/complex.h"
#include "zcz/context.h"
#include "zcz/draw.h"
#include "zcz/gate.h"
#include "zcz/job.h"
#include "zcz/lang.h"
#include "zcz/noise.h"
#include "zcz/observable.h"
#include "zcz/status.h"

#endif
