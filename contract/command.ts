/** Input and output of a command. */
export type Command<Input, Output> = { input: Input; output: Output }
