"""Pure rules and maths of the field: no input or output, no clock, no environment, no frames of ours."""
