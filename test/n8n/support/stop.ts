export { stopShared as default } from './start';
