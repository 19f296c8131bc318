import { defineTests } from "./define-tests.js";

defineTests("client");
