// The worker thread of worker.mjs: the same machine, behind a port.
import { workerData } from "node:worker_threads";
import { serveMachine } from "@quorate/host/node";
import { costlyMachine } from "./costly-machine.mjs";

serveMachine(costlyMachine(workerData.microseconds));
