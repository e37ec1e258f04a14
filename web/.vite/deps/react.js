import {
  require_react
} from "./chunk-FRJTBZBF.js";
export default require_react();
