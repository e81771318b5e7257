export { DramatisError, type ErrorCode, remedies } from './errors.ts';
